import type { Fact } from "../../core/tuning/fact";
import type { CpuLists } from "../../core/tuning/profiles/types";
import type { GuestKernelTuningArgs } from "./schema";

/** The guest's CPUs, from its partition or as the program has them; housekeeping by hand is what is left of those that it has. */
export function cpuListsOf(
  { partition, rtCpus = [], housekeepingCpus }: GuestKernelTuningArgs,
  has: Fact<readonly number[]>,
): { lists: CpuLists; byHand: boolean } {
  if (partition) return { lists: { rt: partition.rtCpus, housekeeping: partition.housekeepingCpus }, byHand: false };
  const left = has.known ? has.value.filter((id) => !rtCpus.includes(id)) : [0].filter((id) => !rtCpus.includes(id));
  return { lists: { rt: rtCpus, housekeeping: housekeepingCpus ?? left }, byHand: true };
}
