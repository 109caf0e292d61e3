import { sharedPcpus, showShared } from "../../core/acrn/features/sharing";
import { readScenario, readScenarioFeatures } from "../../core/acrn/scenario";
import { affinityId } from "../../core/acrn/scenario-surface";
import { currentText, type Document, type Documents, type Wish } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";

/** A scheduler that goes back to noop may not meet pCPUs that remaining claims have VMs share. */
export function mayLeave(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  if (schedulerIn(after) !== "SCHED_NOOP" || schedulerIn(before) === "SCHED_NOOP") return [];
  const text = currentText(after.get("scenario") as Document) as string;
  const held = new Set(remaining.map(({ field }) => field));
  const shared = sharedPcpus(readScenario(text, "scenario.xml").vms, {}).filter(({ vms }) =>
    vms.some((vm) => held.has(affinityId(vm))),
  );
  if (shared.length === 0) return [];
  return [
    {
      tip: "T15",
      code: "features.noop-given-back",
      property: "scheduler",
      message: `giving back would make the scheduler noop while VMs share: ${showShared(shared)}`,
      hint: "Withdraw the claims on these pCPUs first (pulumi-acrn claims shows whose they are).",
    },
  ];
}

function schedulerIn(documents: Documents): string | undefined {
  const text = currentText(documents.get("scenario") as Document);
  return text === undefined ? undefined : readScenarioFeatures(text, "scenario.xml").scheduler;
}
