import type { Call } from "../../desk";
import { allSettings, fileSettings, fragments, LAST, pathOf, type Setting } from "./fragments";
import { everyKey, matching, readValue, writeValue } from "./values";

/** systemd-sysctl at boot: all fragments, and what fails is told of and passed over [src/sysctl/sysctl.c]. */
export function applyAtBoot(dir: string, by: "procps" | "systemd"): void {
  const last = new Map<string, Setting>();
  // a later one takes an earlier one's place; globs give way to names, in systemd's (sysctl.d(5))
  for (const setting of allSettings(dir, by)) last.set(setting.key, setting);
  const order = [...last.values()].sort((a, b) => Number(b.key.includes("*")) - Number(a.key.includes("*")));
  for (const { key, value } of order) for (const one of matching(dir, key)) writeValue(dir, one, value);
}

interface Options {
  write: boolean;
  quiet: boolean;
  valuesOnly: boolean;
  ignore: boolean;
}

/** sysctl(8) of procps. */
export function sysctl(call: Call, dir: string): void {
  const short = (letter: string): boolean => call.args.some((word) => new RegExp(`^-[a-zA-Z]*${letter}`).test(word));
  const long = (name: string): boolean => call.args.includes(`--${name}`);
  const options: Options = {
    write: short("w") || long("write"),
    quiet: short("q") || long("quiet"),
    valuesOnly: short("n") || long("values"),
    ignore: short("e") || long("ignore"),
  };
  const words = call.args.filter((word) => !word.startsWith("-"));
  if (long("system")) return void system(call, dir, options);
  if (short("p") || call.args.some((word) => word.startsWith("--load"))) return void load(call, dir, words, options);
  if (short("a") || long("all")) {
    for (const key of everyKey(dir)) call.out(`${dotted(key)} = ${readValue(dir, key)}`);
    return void call.exit(0);
  }
  const status = words.map((word) => one(call, dir, word, options));
  call.exit(status.some(Boolean) ? 1 : 0);
}

/** `key` or `key=value`. @returns whether it failed */
function one(call: Call, dir: string, word: string, options: Options): boolean {
  const at = word.indexOf("=");
  const key = pathOf(at < 0 ? word : word.slice(0, at));
  if (at >= 0) return put(call, dir, { key, value: word.slice(at + 1), optional: false, file: "" }, options);
  const value = readValue(dir, key);
  if (value === undefined) return !absent(call, key, options);
  call.out(options.valuesOnly ? value : `${dotted(key)} = ${value}`);
  return false;
}

function put(call: Call, dir: string, { key, value, optional }: Setting, options: Options): boolean {
  const name = dotted(key);
  if (readValue(dir, key) === undefined) return !absent(call, key, options);
  if (!call.root) {
    call.err(`sysctl: permission denied on key "${name}"${optional ? ", ignoring" : ""}`);
    return !optional;
  }
  const trouble = writeValue(dir, key, value);
  if (trouble !== undefined) {
    call.err(`sysctl: setting key "${name}"${optional ? ", ignoring" : ""}: ${trouble}`);
    return !optional;
  }
  if (!options.quiet) call.out(options.valuesOnly ? value : `${name} = ${value}`);
  return false;
}

/** @returns whether that is in order */
function absent(call: Call, key: string, { ignore }: Options): boolean {
  if (!ignore) call.err(`sysctl: cannot stat /proc/sys/${key}: No such file or directory`);
  return ignore;
}

function system(call: Call, dir: string, options: Options): void {
  if (!options.quiet) for (const file of [...fragments(dir), LAST]) call.out(`* Applying ${file} ...`);
  const failed = allSettings(dir, "procps").flatMap((setting) =>
    matching(dir, setting.key).map((key) => put(call, dir, { ...setting, key }, options)),
  );
  call.exit(failed.some(Boolean) ? 1 : 0);
}

function load(call: Call, dir: string, files: readonly string[], options: Options): void {
  let failed = false;
  for (const file of files.length > 0 ? files : [LAST]) {
    const path = file.startsWith(`${dir}/`) ? file.slice(dir.length) : file;
    const bad = (_: string, number: number) => call.err(`sysctl: ${path}(${number}): invalid syntax, continuing...`);
    for (const setting of fileSettings(dir, path, bad))
      for (const key of matching(dir, setting.key)) failed = put(call, dir, { ...setting, key }, options) || failed;
  }
  call.exit(failed ? 1 : 0);
}

const dotted = (key: string): string => key.replace(/[./]/g, (sign) => (sign === "/" ? "." : "/"));
