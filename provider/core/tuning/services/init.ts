import { type Fact, known, unknown } from "../fact";

export type Init = "systemd" | "sysvinit" | "openrc" | "runit" | "busybox" | "other";

/** What tells it apart. */
export interface InitSigns {
  /** /proc/1/comm; undefined: nobody knows, or nothing runs. */
  comm: string | undefined;
  /** Where /sbin/init leads in the end. */
  initTarget: string | undefined;
  has(path: string): boolean;
}

/** What runs as PID 1, or would: `/run/systemd/system` is systemd's own sign [sd_booted(3)]; a folder that does not run has /sbin/init. */
export function initBy({ comm, initTarget, has }: InitSigns): Fact<Init> {
  if (comm !== undefined && has("/run/systemd/system")) return known("systemd", "/run/systemd/system is there");
  const program = comm?.trim() === "init" || comm === undefined ? initTarget : comm.trim();
  if (program === undefined) return unknown("neither PID 1 nor /sbin/init tells which init system it has");
  const init = byProgram(program.slice(program.lastIndexOf("/") + 1), has);
  return known(init, comm === undefined ? `/sbin/init is ${program}` : `PID 1 is ${program}`);
}

function byProgram(name: string, has: (path: string) => boolean): Init {
  if (name === "systemd") return "systemd";
  if (/^runit(?:-init)?$/.test(name)) return "runit";
  if (name === "busybox" || name === "init.busybox" || name === "linuxrc")
    return has("/sbin/openrc") ? "openrc" : "busybox";
  if (name === "openrc-init" || has("/sbin/openrc")) return "openrc";
  return /^init(?:\.sysvinit)?$/.test(name) ? "sysvinit" : "other";
}

const BY_HAND: Readonly<Record<Exclude<Init, "systemd">, string>> = {
  sysvinit: "update-rc.d NAME disable (Debian), or remove its links in /etc/rc?.d",
  openrc: "rc-update del NAME",
  runit: "remove its link in /var/service",
  busybox: "take it out of /etc/inittab and /etc/init.d",
  other: "as its manual says",
};

/** Why services and runtime knobs are not kept on this guest; undefined: they are. */
export function noUnitsBecause(init: Fact<Init>): { why: string; hint: string } | undefined {
  if (!init.known) return { why: `services are left as they are: ${init.why}`, hint: "Say what runs by hand." };
  if (init.value === "systemd") return undefined;
  return {
    why: `services are left as they are: the guest's init system is ${init.value} (${init.why}), and only systemd's can be masked by a file`,
    hint: `Switch them off by hand: ${BY_HAND[init.value]}.`,
  };
}
