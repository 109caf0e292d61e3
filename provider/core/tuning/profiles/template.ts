import { AcrnError } from "../../errors";
import { formatCpuList } from "../../hardware/cpu-set";
import { formatCpuMask } from "../cpu-mask";
import type { CpuLists } from "./types";

/** Placeholders of a value, and what stands for them. */
const MEANS: Readonly<Record<string, (cpus: CpuLists) => string>> = {
  rt: (cpus) => formatCpuList(some(cpus.rt, "rt")),
  housekeeping: (cpus) => formatCpuList(some(cpus.housekeeping, "housekeeping")),
  rtMask: (cpus) => formatCpuMask(some(cpus.rt, "rt")),
  housekeepingMask: (cpus) => formatCpuMask(some(cpus.housekeeping, "housekeeping")),
  rtBits: (cpus) => oneWord(some(cpus.rt, "rt")),
};

export const PLACEHOLDERS = Object.keys(MEANS);

/** `nohz,domain,{rt}` -> `nohz,domain,1-3`. @throws AcrnError `tuning.placeholder`, `tuning.cpu-list` */
export function fill(value: string, cpus: CpuLists): string {
  return value.replace(/\{(\w*)\}/g, (text, name: string) => {
    const means = Object.hasOwn(MEANS, name) ? MEANS[name] : undefined;
    if (means) return means(cpus);
    throw new AcrnError("tuning.placeholder", `${JSON.stringify(value)}: ${text} stands for nothing`, {
      hint: `Write one of ${PLACEHOLDERS.map((each) => `{${each}}`).join(", ")}.`,
    });
  });
}

/** An empty list is no list to the kernel: `isolcpus=domain,` isolates nothing, or what the next word says. */
function some(list: readonly number[], which: keyof CpuLists): readonly number[] {
  if (list.length > 0) return list;
  const what = which === "rt" ? "RT" : "housekeeping";
  throw new AcrnError("tuning.cpu-list", `the guest has no ${what} CPU`, {
    property: which === "rt" ? "rtCpus" : "housekeepingCpus",
    hint: "Give the guest at least two vCPUs, CPU 0 for housekeeping, or name the CPUs by hand.",
  });
}

/** One `unsigned long` of bits, which a module parameter reads in base 0. */
function oneWord(list: readonly number[]): string {
  const high = list.find((id) => id > 63);
  if (high === undefined) return `0x${list.reduce((bits, id) => bits | (1n << BigInt(id)), 0n).toString(16)}`;
  throw new AcrnError("tuning.cpu-list", `CPU ${high} does not fit into a mask of 64 bits`, {
    property: "rtCpus",
    hint: "Choose RT CPUs below 64, or set this key by an override.",
  });
}
