/** Folders of fragments, the strongest first: of files of one name only the first is read [sysctl.d(5); procps sysctl(8), SYSTEM FILE PRECEDENCE]. */
export const SYSCTL_FOLDERS = [
  "/etc/sysctl.d",
  "/run/sysctl.d",
  "/usr/local/lib/sysctl.d",
  "/usr/lib/sysctl.d",
  "/lib/sysctl.d",
] as const;

/**
 * Read by procps' `sysctl --system` behind all fragments [procps src/sysctl.c PreloadSystem], and by systemd-sysctl not at all, unless a fragment is a link to it
 * (`99-sysctl.conf` of RHEL, and of Debian up to 12).
 */
export const SYSCTL_CONF = "/etc/sysctl.conf";

/** Who sets sysctls at boot. */
export type Loader = "systemd-sysctl" | "procps";

export interface SysctlFile {
  path: string;
  /** The empty text for a link to /dev/null, which hides its namesakes in weaker folders. */
  text: string;
}

/** The files that count, in the order in which they are read; the last word wins. */
export function readOrder(files: readonly SysctlFile[], loader: Loader): SysctlFile[] {
  const byName = new Map<string, SysctlFile>();
  for (const folder of SYSCTL_FOLDERS)
    for (const file of files) {
      const name = file.path.slice(folder.length + 1);
      if (file.path !== `${folder}/${name}` || name.includes("/") || !name.endsWith(".conf")) continue;
      if (!byName.has(name)) byName.set(name, file);
    }
  // strcmp, whatever the language: code units in order are bytes in order but for signs beyond U+FFFF
  const ordered = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const last = files.find((file) => file.path === SYSCTL_CONF);
  return loader === "procps" && last ? [...ordered, last] : ordered;
}
