import type { Watchdog } from "./types";

/** Files that say what systemd's manager does, in the order in which it reads them [systemd-system.conf(5)]: main file, then fragments. */
export interface ManagerFile {
  path: string;
  text: string;
}

/** Programs that feed /dev/watchdog and let it fire when something is wrong. */
const UNITS = /^(?:watchdog|watchdog-mux|watchdogd|wd_keepalive|sbd|busybox-watchdog)\.service$/;

/** Values of a watchdog's time that mean none [systemd-system.conf(5), systemd.time(7)]. */
const NONE = new Set(["", "0", "off", "infinity"]);

/**
 * What would reset a guest that nobody feeds. `RebootWatchdogSec` stands at ten minutes where nobody says anything and only counts in a shutdown, so it
 * is named only where a file sets it. Without a watchdog device none of it has an effect.
 *
 * @param enabled units that start
 * @param devices /dev/watchdog*; empty: none
 */
export function watchdogsOf(
  files: readonly ManagerFile[],
  enabled: readonly string[],
  devices: readonly string[],
): Watchdog[] {
  if (devices.length === 0) return [];
  const times = new Map<string, Watchdog>();
  for (const { path, text } of files)
    for (const { key, value, line } of managerSettings(text)) {
      // ShutdownWatchdogSec is what RebootWatchdogSec was called before systemd 246
      if (!/^(?:Runtime|Reboot|Shutdown|KExec)WatchdogSec$/.test(key)) continue;
      if (NONE.has(value)) times.delete(key);
      else times.set(key, { what: `${key}=${value}`, where: `${path}:${line}` });
    }
  const units = enabled.filter((unit) => UNITS.test(unit)).map((unit) => ({ what: unit, where: "starts at boot" }));
  return [...times.values(), ...units];
}

/** Assignments in `[Manager]`; comments start with `#` or `;`, a backslash joins lines [systemd.syntax(7)]. */
function managerSettings(text: string): { key: string; value: string; line: number }[] {
  const out: { key: string; value: string; line: number }[] = [];
  let section = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    const head = /^\[(.*)\]$/.exec(line)?.[1];
    if (head !== undefined) section = head;
    const match = section === "Manager" ? /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) : null;
    if (match) out.push({ key: match[1] as string, value: match[2] as string, line: index + 1 });
  }
  return out;
}
