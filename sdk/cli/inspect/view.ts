import { pendingOn } from "../../../provider/converge/activate/plan";
import type { Draft } from "../../../provider/converge/draft";
import type { Machine } from "../../../provider/converge/machine";
import { viewOf } from "../../../provider/converge/plan-resource";
import { RECORD_PATH } from "../../../provider/core/acrn/evidence";
import type { HostFacts } from "../../../provider/core/acrn/facts";
import { scenarioFile } from "../../../provider/core/acrn/scenario-document";
import { affinityId } from "../../../provider/core/acrn/scenario-surface";
import { same } from "../../../provider/core/claims/same";
import type { Document } from "../../../provider/core/claims/types";
import { type Act, actsFor } from "../../../provider/core/plan/acts";
import { type Snapshot, textOf } from "../../../provider/core/snapshot";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { launchScripts } from "../../../provider/resources/core-partition/scripts";
import type { Pending } from "../../../provider/resources/kind";
import { kindOf } from "../../../provider/resources/kinds";
import { type BootingImages, bootingImages } from "./booting";
import { claimsOf, type StackClaims } from "./claims";
import { factsAlone } from "./facts";
import { cacheProblems, coreProblems, type Problem, problemOf } from "./problems";
import type { RunningRow, ScriptRow, VmRow } from "./rows";
import { runningRows, scriptRows } from "./running";
import { scenarioOrTrouble, vmRows } from "./vms";

/** Everything that `inspect` tells. What cannot be told is among the problems, and hides nothing else. */
export interface Inspection {
  facts: HostFacts;
  images: BootingImages;
  vms: VmRow[];
  /** Post-launched VMs as they run; of a folder there is nothing to tell. */
  running: RunningRow[];
  scripts: ScriptRow[];
  pending: Pending[];
  /** What it takes until all of it runs, in order. */
  acts: Act[];
  claims: StackClaims[];
  problems: Problem[];
}

export async function inspectMachine(machine: Machine): Promise<Inspection> {
  const snapshot = await machine.read();
  const problems: Problem[] = [];
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      problems.push(problemOf(error));
      return otherwise;
    }
  };
  const scripts = launchScripts(snapshot);
  const { settings } = machine;
  const draft = await machine.draft().catch((error: unknown) => void problems.push(problemOf(error)));
  const vms = vmsOf(snapshot, draft ?? undefined, settings.files?.record ?? RECORD_PATH, (error) =>
    problems.push(problemOf(error)),
  );
  const pending = draft ? attempt(() => pendingOf(draft), []) : [];
  const found: Omit<Inspection, "problems"> = {
    facts: factsAlone(snapshot, settings),
    images: bootingImages(snapshot),
    vms,
    running: draft && snapshot.kind === "live" ? attempt(() => runningRows(draft, vms), []) : [],
    scripts: attempt(() => scriptRows(draft ?? undefined, scripts), scriptRows(undefined, scripts)),
    pending,
    acts: actsFor(pending.map(({ field, needs }) => ({ field, acts: needs }))),
    claims: attempt(() => claimsOf(snapshot, settings), []),
  };
  if (draft)
    problems.push(
      ...attempt(() => coreProblems(draft, scripts), []),
      ...attempt(() => cacheProblems(draft, scripts), []),
    );
  return { ...found, problems: unique(problems) };
}

function vmsOf(
  snapshot: Snapshot,
  draft: Draft | undefined,
  record: string,
  trouble: (error: unknown) => void,
): VmRow[] {
  const source = draft && scenarioFile(draft.documents.get("scenario") as Document);
  return vmRows(
    source && scenarioOrTrouble(source.text, source.file, trouble),
    scenarioOrTrouble(textOf(snapshot, record), record, trouble),
  );
}

/** The cores of every VM, whether somebody claims it or not, and whatever is claimed. */
function pendingOf(draft: Draft): Pending[] {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  const scenario = scenarioOrTrouble(text, file, () => {});
  const fields = (scenario?.vms ?? []).filter((vm) => vm.affinity).map((vm) => affinityId(vm.key));
  const nobody = { stack: "", kind: corePartitionKind.type, urns: [] };
  const cores = corePartitionKind.pending(viewOf(draft, nobody), draft.documents, fields);
  const all = [...cores, ...pendingOn(draft, kindOf)];
  return all.filter((item, at) => all.findIndex((other) => same(other, item)) === at);
}

/** One broken file is met by several questions, and told once. */
function unique(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ message }, at) => problems.findIndex((other) => other.message === message) === at);
}
