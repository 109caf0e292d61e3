import type { Watchdog } from "./types";

interface Rebooter {
  /** Whose files. */
  path: RegExp;
  line: RegExp;
  /** What the setting is called. */
  name: string;
  never: RegExp;
}

const REBOOTERS: readonly Rebooter[] = [
  {
    // [apt.conf(5); unattended-upgrades, README.md]: comments start with // or #
    path: /^\/etc\/apt\/apt\.conf(?:\.d\/[^/]+)?$/,
    line: /^\s*(?:Unattended-Upgrade::)?(Automatic-Reboot)\s+"?([\w-]+)"?\s*;/,
    name: "Unattended-Upgrade::Automatic-Reboot",
    never: /^(?:false|no|0|off|without|disable)$/i,
  },
  {
    // [dnf-automatic(8), "[commands] section"]
    path: /^\/etc\/dnf\/automatic\.conf$/,
    line: /^\s*(reboot)\s*=\s*([\w-]+)/,
    name: "reboot =",
    never: /^never$/i,
  },
];

/**
 * Programs that reboot a guest by themselves after an upgrade. Files in the order in which they are read; the last one counts.
 */
export function rebootersOf(files: readonly { path: string; text: string }[]): Watchdog[] {
  return REBOOTERS.flatMap(({ path, line, name, never }) => {
    let found: Watchdog | undefined;
    for (const file of files.filter((each) => path.test(each.path)))
      for (const [index, text] of file.text.split("\n").entries()) {
        const value = line.exec(text)?.[2];
        if (value === undefined) continue;
        found = never.test(value) ? undefined : { what: `${name} ${value}`, where: `${file.path}:${index + 1}` };
      }
    return found ? [found] : [];
  });
}
