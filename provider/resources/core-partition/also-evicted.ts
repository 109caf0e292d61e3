import type { Eviction, PartitionResult } from "../../core/acrn/partition";
import { affinityId } from "../../core/acrn/scenario-surface";
import type { Scenario } from "../../core/acrn/types";
import type { View } from "../kind";

/**
 * Neighbours that another stack has already moved off our pCPUs. They are held as well, or they would be back when that
 * stack goes, or it could never go: any order of deletes has to work.
 */
export function alsoEvicted(view: View, scenario: Scenario, vms: object, planned: PartitionResult): Eviction[] {
  const ours = new Set(planned.assignments.flatMap((a) => a.pcpus));
  return scenario.vms.flatMap((vm) => {
    const from = view.beneath.get(affinityId(vm.key));
    const to = [...(vm.affinity ?? [])].sort((a, b) => a - b);
    // Only taken from, not put elsewhere: a VM that another stack places is that stack's to move.
    const less = Array.isArray(from) && to.every((cpu) => from.includes(cpu));
    const moved = less && from.some((cpu) => ours.has(cpu as number)) && !to.some((cpu) => ours.has(cpu));
    if (!moved || to.length === 0 || Object.hasOwn(vms, vm.key)) return [];
    if (planned.evictions.some((e) => e.vm === vm.key)) return [];
    return [{ vm: vm.key, from: [...from] as number[], to, why: "as another claim has it already" }];
  });
}
