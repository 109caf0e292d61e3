import type { Assignment, PartitionResult } from "../../core/acrn/partition";
import { formatCpuList } from "../../core/hardware/cpu-set";

/** Maps by VM, known in preview. A VM whose APIC ids the board does not tell is missing in `apicIds`. */
export function partitionOutputs({ assignments, evictions }: PartitionResult): Record<string, unknown> {
  const byVm = <T>(pick: (a: Assignment) => T) => Object.fromEntries(assignments.map((a) => [a.vm, pick(a)]));
  const told = assignments.filter((a) => a.apicIds.every((id) => id !== undefined));
  return {
    pcpus: byVm((a) => a.pcpus),
    apicIds: Object.fromEntries(told.map((a) => [a.vm, a.apicIds])),
    vcpuMap: byVm((a) => a.vcpuMap),
    rtCpus: byVm((a) => a.rtCpus),
    housekeepingCpus: byVm((a) => a.housekeepingCpus),
    evicted: Object.fromEntries(evictions.map((e) => [e.vm, e.to])),
  };
}

export function partitionReasons({ assignments, evictions }: PartitionResult): string[] {
  return [
    ...assignments.map(
      (a) =>
        `${a.vm}: pCPU ${formatCpuList(a.pcpus)}, ${a.why}${a.reserved ? " (reserved: the scenario has no such VM yet)" : ""}`,
    ),
    ...evictions.map((e) => `${e.vm}: leaves pCPU ${formatCpuList(e.from)} for ${formatCpuList(e.to)}, ${e.why}`),
  ];
}
