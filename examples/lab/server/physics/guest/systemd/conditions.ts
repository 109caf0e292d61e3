import { existsSync } from "node:fs";
import { join } from "node:path";
import { words } from "../line";
import { type UnitFile, valuesOf } from "./unit-file";

/** The conditions that are looked at; others hold [systemd.unit(5), "Conditions and Asserts"]. @returns the first that does not */
export function unmet(dir: string, unit: UnitFile, cmdline: string): string | undefined {
  const line = words(cmdline);
  const holds: Readonly<Record<string, (value: string) => boolean>> = {
    // a word alone fits `word` and `word=...`; with = it has to be the same
    ConditionKernelCommandLine: (value) =>
      line.some((word) => word === value || (!value.includes("=") && word.startsWith(`${value}=`))),
    ConditionPathExists: (value) => existsSync(join(dir, value)),
  };
  for (const [key, test] of Object.entries(holds))
    for (const value of valuesOf(unit, "Unit", key)) {
      const not = value.startsWith("!");
      if (test(value.replace(/^!/, "")) === not) return `${key}=${value}`;
    }
  return undefined;
}
