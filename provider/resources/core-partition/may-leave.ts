import { noopShared, showShared } from "../../core/acrn/features/sharing";
import { readScenario } from "../../core/acrn/scenario";
import { hvId, vmOfAffinity } from "../../core/acrn/scenario-surface";
import { currentText, type Document, type Documents, type Wish } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";

/**
 * By this withdrawal a pCPU that a remaining claim has for its VM alone may not come back to another VM, and VMs may not share one again where a
 * remaining claim has the scheduler noop.
 */
export function mayLeave(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  if (remaining.length === 0) return [];
  return [...intruders(before, after, remaining), ...underNoop(before, after, remaining)];
}

function intruders(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  const [was, is] = [holders(before), holders(after)];
  return remaining.flatMap(({ field, value }) => {
    const vm = vmOfAffinity(field);
    if (vm === undefined || !Array.isArray(value)) return [];
    return value.flatMap((pcpu) => {
      const [intruder] = others(is, pcpu, vm);
      return intruder === undefined || others(was, pcpu, vm).length > 0 ? [] : [refusal(vm, pcpu, intruder)];
    });
  });
}

function underNoop(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  if (!remaining.some(({ field }) => field === hvId("hv/FEATURES/SCHEDULER"))) return [];
  const shared = (documents: Documents) => {
    const text = currentText(documents.get("scenario") as Document);
    return text === undefined ? [] : noopShared(text, "scenario.xml");
  };
  const was = new Set(shared(before).map(({ pcpu }) => pcpu));
  const again = shared(after).filter(({ pcpu }) => !was.has(pcpu));
  if (again.length === 0) return [];
  return [
    {
      tip: "T15",
      code: "core.noop-shared",
      property: "vms",
      message: `giving back would have VMs share pCPUs under the noop scheduler, which another claim holds: ${showShared(again)}. The second never runs`,
      hint: "Withdraw the claim on the scheduler first (HypervisorFeatures; pulumi-acrn claims shows whose it is), or leave these VMs apart.",
    },
  ];
}

/** pCPU -> VMs that have it in the scenario. */
type Holders = ReadonlyMap<number, string[]>;

function holders(documents: Documents): Holders {
  const out = new Map<number, string[]>();
  const text = currentText(documents.get("scenario") as Document);
  for (const vm of text === undefined ? [] : readScenario(text, "scenario.xml").vms)
    for (const pcpu of vm.affinity ?? []) out.set(pcpu, [...(out.get(pcpu) ?? []), vm.key]);
  return out;
}

function others(all: Holders, pcpu: unknown, vm: string): string[] {
  return (all.get(pcpu as number) ?? []).filter((name) => name !== vm);
}

function refusal(vm: string, pcpu: unknown, intruder: string): Refusal {
  return {
    tip: "T15",
    code: "core.given-back",
    property: `vms.${vm}`,
    message: `giving back would put ${intruder} on pCPU ${pcpu}, which another claim holds for ${vm} alone`,
    hint: `Withdraw the claim for ${vm} first (pulumi-acrn claims shows whose it is), or take pCPU ${pcpu} from it.`,
  };
}
