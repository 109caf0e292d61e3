/** What systemd-run(1) is asked for. */
export interface UnitRequest {
  /** With its suffix. */
  unit: string;
  words: string[];
  wait: boolean;
  /** The process has the caller's standard files. */
  pipe: boolean;
  quiet: boolean;
  /** A unit that failed is forgotten too. */
  collect: boolean;
  cwd?: string;
  env: Record<string, string>;
}

const FLAGS: Readonly<Record<string, Partial<UnitRequest>>> = {
  "--wait": { wait: true },
  "--pipe": { pipe: true, wait: true },
  "-P": { pipe: true, wait: true },
  "--pty": { pipe: true, wait: true },
  "-t": { pipe: true, wait: true },
  "--quiet": { quiet: true },
  "-q": { quiet: true },
  "--collect": { collect: true },
  "-G": { collect: true },
  "--no-block": {},
  "--system": {},
  "--send-sighup": {},
  "--no-ask-password": {},
};

const SHORT: Readonly<Record<string, string>> = { "-u": "--unit", "-p": "--property", "-E": "--setenv" };

const VALUES = [
  "--unit",
  "--property",
  "--setenv",
  "--working-directory",
  "--description",
  "--slice",
  "--service-type",
];

/** @param made the name of a unit that was given none */
export function parseSystemdRun(args: readonly string[], cwd: string, made: string): UnitRequest | { refusal: string } {
  const request: UnitRequest = {
    unit: made,
    words: [],
    wait: false,
    pipe: false,
    quiet: false,
    collect: false,
    env: {},
  };
  const left = [...args];
  for (let word = left[0]; word?.startsWith("-"); word = left[0]) {
    left.shift();
    if (word === "--") break;
    const [, head = word, inline] = /^(--[^=]+)=(.*)$/s.exec(word) ?? /^(-[upE])(.+)$/s.exec(word) ?? [];
    const option = SHORT[head] ?? head;
    if (option === "--same-dir" || option === "-d") request.cwd = cwd;
    else if (FLAGS[option]) Object.assign(request, FLAGS[option]);
    else if (VALUES.includes(option)) set(request, option, inline ?? left.shift() ?? "");
    else return { refusal: `systemd-run: unrecognized option '${word}'` };
  }
  request.words = left;
  if (left.length === 0) return { refusal: "systemd-run: command line to execute required" };
  return request;
}

function set(request: UnitRequest, option: string, value: string): void {
  if (option === "--unit") request.unit = withSuffix(value);
  if (option === "--working-directory") request.cwd = value;
  const [, name = "", text = ""] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (option === "--setenv") request.env[name] = text;
  if (option === "--property" && name === "WorkingDirectory") request.cwd = text;
  if (option === "--property" && name === "Environment") set(request, "--setenv", text);
}

export const withSuffix = (unit: string): string => (/\.[a-z]+$/.test(unit) ? unit : `${unit}.service`);
