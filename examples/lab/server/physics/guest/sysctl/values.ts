import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "proc/sys";

/** A value as /proc/sys shows it; undefined: there is no such key. @param key with slashes */
export function readValue(dir: string, key: string): string | undefined {
  const file = join(dir, ROOT, key);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8").replace(/\n$/, "") : undefined;
}

/** @returns what went wrong */
export function writeValue(dir: string, key: string, value: string): string | undefined {
  const old = readValue(dir, key);
  if (old === undefined) return "No such file or directory";
  const shown = shownFor(key, old, value);
  if (shown === undefined) return "Invalid argument";
  writeFileSync(join(dir, ROOT, key), `${shown}\n`);
  return undefined;
}

/** What the kernel makes of a text: fields divided by tabs [kernel/sysctl.c: do_proc_dointvec]; undefined: EINVAL. */
export function shownFor(key: string, old: string, value: string): string | undefined {
  const numbers = value.trim().split(/\s+/);
  if (!/^[-\d\s]+$/.test(old)) return value;
  if (numbers.some((number) => !/^-?(\d+|0x[0-9a-f]+)$/i.test(number)) || tooMuch(key, numbers[0] ?? ""))
    return undefined;
  return merged(old, numbers);
}

/** Those that stand for yes and no, and the period that the runtime must fit into [kernel/sched/rt.c: sched_rt_handler]. */
function tooMuch(key: string, text: string): boolean {
  const number = Number(text);
  if (/^kernel\/(timer_migration|nmi_watchdog|watchdog|soft_watchdog|softlockup_panic|hung_task_panic)$/.test(key))
    return number !== 0 && number !== 1;
  if (key === "kernel/sched_rt_runtime_us") return number < -1 || number > 1_000_000;
  return key === "vm/swappiness" && (number < 0 || number > 200);
}

/** Fields that were not given stay. */
function merged(old: string, given: readonly string[]): string {
  const fields = old.split(/\s+/);
  return fields.map((field, at) => given[at] ?? field).join("\t");
}

/** The keys that a name with `*` means. */
export function matching(dir: string, key: string): string[] {
  if (!key.includes("*")) return [key];
  const fits = new RegExp(`^${key.replace(/[.+^${}()|\\[\]]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
  return everyKey(dir).filter((name) => fits.test(name));
}

export function everyKey(dir: string, below = ""): string[] {
  const folder = join(dir, ROOT, below);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? everyKey(dir, name) : [name];
  });
}
