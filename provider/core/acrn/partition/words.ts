import { formatCpuList } from "../../hardware/cpu-set";
import type { Refusal } from "./types";

/** `pCPU 3`, `pCPUs 2-3`. */
export function pcpus(ids: readonly number[]): string {
  return `pCPU${new Set(ids).size === 1 ? "" : "s"} ${formatCpuList(ids)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function all(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** A property path as Pulumi writes it: names that are no identifiers (`#2`, names with blanks) go into brackets. */
export function property(vm: string): string {
  return /^[A-Za-z_][\w-]*$/.test(vm) ? `vms.${vm}` : `vms[${JSON.stringify(vm)}]`;
}

/** T15: "an RTVM's CPUs are shared with no one" is the tip behind every rule about cores. */
export function refuse(code: string, vm: string, pcpu: number | undefined, message: string, hint: string): Refusal {
  const where = pcpu === undefined ? {} : { pcpu };
  return { tip: "T15", code: `cores.${code}`, vm, ...where, property: property(vm), message, hint };
}

/** By code unit, the same on every machine; localeCompare is not. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ascending, without repetition. */
export function ascending(ids: Iterable<number>): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
