import type { Draft } from "../../../provider/converge/draft";
import { planResource } from "../../../provider/converge/plan-resource";
import { SERVICE_VM } from "../../../provider/core/acrn/partition";
import { readScenario } from "../../../provider/core/acrn/scenario";
import { scenarioFile } from "../../../provider/core/acrn/scenario-document";
import type { Document } from "../../../provider/core/claims/types";
import { type CorePartitionArgs, corePartitionKind } from "../../../provider/resources/core-partition";

/** A CorePartition that says what the host has now. */
export interface FoundPartition {
  args: CorePartitionArgs;
  /** False: the rules want something else than what is there, so a preview of it would fail or change something. */
  holds: boolean;
  /** What is to know about it, a sentence each. */
  remarks: string[];
}

/** Undefined: there is no real-time VM, or nothing that could tell. `remarks` is told why. */
export function partitionOf(draft: Draft, remarks: string[]): FoundPartition | undefined {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  if (text === undefined) return say(remarks, "the host has no scenario yet");
  const { vms } = readScenario(text, file);
  const realtime = vms.filter((vm) => vm.load !== "service" && vm.realtime && vm.affinity?.length);
  if (realtime.length === 0)
    return say(
      remarks,
      `the scenario has no real-time VM with pCPUs (it has ${vms.map((vm) => vm.key).join(", ") || "no VM"})`,
    );
  const now = Object.fromEntries(realtime.map((vm) => [vm.key, [...new Set(vm.affinity)].sort((a, b) => a - b)]));
  const args: CorePartitionArgs = { vms: now, neighbours: "refuse" };
  const strict = refusals(draft, args);
  if (strict.length === 0) return { args, holds: true, remarks: [] };
  const lenient = withSharing(draft, args, [
    SERVICE_VM,
    ...vms.filter((vm) => vm.load !== "service").map((vm) => vm.key),
  ]);
  if (lenient)
    return {
      args: lenient,
      holds: true,
      remarks: [...strict, "The host has it so now; `sharing` allows it until you change it."],
    };
  return { args, holds: false, remarks: strict };
}

/** The smallest exceptions with which the present state is accepted: all of them, less each that is not needed. */
function withSharing(draft: Draft, args: CorePartitionArgs, names: string[]): CorePartitionArgs | undefined {
  let sharing = { smt: names, l2: names };
  if (refusals(draft, { ...args, sharing }).length > 0) return undefined;
  for (const kind of ["smt", "l2"] as const)
    for (const name of names) {
      const fewer = { ...sharing, [kind]: sharing[kind].filter((other) => other !== name) };
      if (refusals(draft, { ...args, sharing: fewer }).length === 0) sharing = fewer;
    }
  return { ...args, sharing: Object.fromEntries(Object.entries(sharing).filter(([, list]) => list.length > 0)) };
}

/** By the very planner that a preview will ask. */
function refusals(draft: Draft, args: CorePartitionArgs): string[] {
  const who = { stack: "(init)", kind: corePartitionKind.type, urns: ["(init)"] };
  try {
    return planResource(draft, corePartitionKind, who, args).refusals.map(({ tip, message }) => `${tip}: ${message}`);
  } catch (error) {
    return [(error as Error).message];
  }
}

function say(remarks: string[], why: string): undefined {
  remarks.push(why);
  return undefined;
}
