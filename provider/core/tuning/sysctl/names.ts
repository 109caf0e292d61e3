/**
 * The path of a sysctl below /proc/sys, for both ways to write its name [sysctl.d(5); systemd src/basic/sysctl-util.c sysctl_normalize]: if the first
 * separator is a dot, dots and slashes change places; if it is a slash, both stay.
 *
 * @example sysctlPath("net.ipv4.conf.enp3s0/200.forwarding") // "net/ipv4/conf/enp3s0.200/forwarding"
 */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  const path = first === "." ? swapped(name) : name;
  return path.replace(/\/{2,}/g, "/").replace(/^\/|\/$/g, "");
}

/** The dotted name of a path, as `sysctl -a` prints it. */
export function sysctlName(path: string): string {
  return swapped(path);
}

function swapped(text: string): string {
  return text.replace(/[./]/g, (sign) => (sign === "." ? "/" : "."));
}
