import { readScenario } from "../../core/acrn/scenario";
import { vmOfAffinity } from "../../core/acrn/scenario-surface";
import { currentText, type Document, type Documents, type Wish } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";

/** A pCPU that a remaining claim has for its VM alone may not come back to another VM by this withdrawal. */
export function mayLeave(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  if (remaining.length === 0) return [];
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
