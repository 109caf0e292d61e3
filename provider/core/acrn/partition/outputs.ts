import { formatCpuList } from "../../hardware/cpu-set";
import { apicIdOf } from "../../hardware/topology";
import type { Ground } from "./ground";
import type { Assignment } from "./types";

/**
 * Guest CPU lists in the shape of the tips (T10, T12, `irqaffinity=0`): vCPU 0 keeps house, all others are for
 * real-time work. With a single vCPU both lists are "0": that CPU does both, and nothing can be isolated. It is not ""
 * for either, because `irqaffinity=` and a task's affinity still need a CPU, while `isolcpus=0` is ignored by a
 * kernel that has no other CPU (kernel/sched/isolation.c). Who isolates compares the two lists.
 */
export function guestLists(vcpus: number): { rtCpus: string; housekeepingCpus: string } {
  if (vcpus <= 1) return { rtCpus: "0", housekeepingCpus: "0" };
  return { rtCpus: formatCpuList(Array.from({ length: vcpus - 1 }, (_, at) => at + 1)), housekeepingCpus: "0" };
}

export function assignment(ground: Ground, vm: string, cpus: readonly number[], why: string): Assignment {
  const apicIds = cpus.map((pcpu) => apicIdOf(ground.topology, pcpu));
  return {
    vm,
    pcpus: [...cpus],
    apicIds,
    vcpuMap: cpus.map((pcpu, vcpu) => {
      const apicId = apicIds[vcpu];
      return { vcpu, pcpu, ...(apicId === undefined ? {} : { apicId }) };
    }),
    ...guestLists(cpus.length),
    reserved: !ground.vms.has(vm),
    why,
  };
}
