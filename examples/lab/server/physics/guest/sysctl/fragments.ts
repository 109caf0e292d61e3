import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readThrough } from "../links";

/** One line of a fragment. */
export interface Setting {
  /** With slashes, as below /proc/sys. May have `*`. */
  key: string;
  value: string;
  /** A failure is no failure. */
  optional: boolean;
  file: string;
}

/**
 * The names of a fragment's lines: dots and slashes take each other's place where the first of them is a dot [sysctl.d(5)], so
 * `net.ipv4.conf.enp3s0/200.x` and `net/ipv4/conf/enp3s0.200/x` are one.
 */
export function pathOf(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === "." ? name.replace(/[./]/g, (sign) => (sign === "." ? "/" : ".")) : name;
}

/** Lines of `key = value`; `#` and `;` begin a comment, a leading `-` makes it optional. @param bad what is no setting */
export function settingsOf(
  text: string,
  file: string,
  bad: (line: string, number: number) => void = () => {},
): Setting[] {
  return text.split("\n").flatMap((raw, at) => {
    const line = raw.trim();
    if (line === "" || /^[#;]/.test(line)) return [];
    const [, minus, name, value] = /^(-?)\s*([^=\s][^=]*?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      // systemd: a bare `-key` takes the key out of globs; nothing here has one
      bad(line, at + 1);
      return [];
    }
    return [{ key: pathOf(name), value, optional: minus === "-", file }];
  });
}

/** Both programs: /etc before /run before /usr, and of one file name the first folder's [sysctl.d(5); procps-ng 4, sysctl.c: PreloadSystem]. */
const FOLDERS = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** The fragments in the order in which they are read. */
export function fragments(dir: string): string[] {
  const byName = new Map<string, string>();
  for (const folder of FOLDERS) {
    const path = join(dir, folder);
    for (const name of existsSync(path) ? readdirSync(path) : [])
      if (name.endsWith(".conf") && !byName.has(name)) byName.set(name, `${folder}/${name}`);
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** What `sysctl --system` reads besides, and after all of them; systemd-sysctl reads it only where a link in a folder leads to it. */
export const LAST = "/etc/sysctl.conf";

/** By whom: procps and busybox's scripts read /etc/sysctl.conf last, systemd-sysctl does not read it. */
export function allSettings(dir: string, by: "procps" | "systemd"): Setting[] {
  const files = [...fragments(dir), ...(by === "procps" && existsSync(join(dir, LAST)) ? [LAST] : [])];
  return files.flatMap((file) => settingsOf(readThrough(dir, file) ?? "", file));
}

/** `sysctl -p FILE`. */
export const fileSettings = (dir: string, file: string, bad?: (line: string, number: number) => void): Setting[] =>
  settingsOf(existsSync(join(dir, file)) ? readFileSync(join(dir, file), "utf8") : "", file, bad);
