import { z } from "zod";
import { type CoreWish, type Eviction, type PartitionResult, planPartition } from "../core/acrn/partition";
import { readScenario, readScenarioFeatures } from "../core/acrn/scenario";
import { scenarioFile } from "../core/acrn/scenario-document";
import { affinityId, scenarioSurface, vmOfAffinity } from "../core/acrn/scenario-surface";
import type { Scenario } from "../core/acrn/types";
import { currentText, type Document, type Documents, type FieldValue, type Wish } from "../core/claims/types";
import { AcrnError } from "../core/errors";
import type { Refusal } from "../core/plan/types";
import { partitionOutputs, partitionReasons } from "./core-partition/outputs";
import { affinityPending } from "./core-partition/pending";
import { launchScripts } from "./core-partition/scripts";
import type { Declared, ResourceKind, View } from "./kind";

const cpu = z.number().int().min(0).max(4095);
const names = z.array(z.string().min(1));

const schema = z.strictObject({
  vms: z
    .record(
      z.string().min(1),
      z.union(
        [
          z.array(cpu).min(1, "name at least one pCPU"),
          z.strictObject({ cores: z.number().int().min(1).max(4096), kind: z.enum(["P", "E"]).optional() }),
        ],
        { error: 'give a list of pCPU ids ([2, 3]) or a number of cores ({ cores: 1, kind: "P" })' },
      ),
    )
    .refine((vms) => Object.keys(vms).length > 0, "name at least one VM"),
  neighbours: z.enum(["refuse", "evict"]).default("refuse"),
  sharing: z.strictObject({ smt: names.optional(), l2: names.optional() }).optional(),
});

export type CorePartitionArgs = z.infer<typeof schema>;

/** Which pCPUs each named VM has, exclusively (T15). Claims `cpu_affinity` of those VMs and of evicted neighbours. */
export const corePartitionKind: ResourceKind<CorePartitionArgs> = {
  type: "CorePartition",
  schema,
  onePerMachine: true,
  outputs: ["pcpus", "apicIds", "vcpuMap", "rtCpus", "housekeepingCpus", "evicted"],
  declare,
  pending: affinityPending,
  observe,
  mayLeave,
};

function declare(view: View, args: CorePartitionArgs): Declared {
  const { text, file } = sourceOf(view.documents);
  const scenario = readScenario(text, file);
  const planned = planPartition({
    topology: view.topology(),
    scenario,
    wanted: args.vms as Record<string, CoreWish>,
    neighbours: args.neighbours,
    sharing: sharingOf(args),
    former: formerOf(view, args, scenario),
    scripts: launchScripts(view.snapshot),
    features: readScenarioFeatures(text, file),
    files: { scenario: file },
  });
  const result = { ...planned, evictions: [...planned.evictions, ...alsoEvicted(view, scenario, args, planned)] };
  const wishes: Wish[] = [
    ...result.assignments.map((a) => ({ field: affinityId(a.vm), value: a.pcpus })),
    ...result.evictions.map((e) => ({ field: affinityId(e.vm), value: e.to })),
  ];
  const { refusals, warnings } = result;
  return { wishes, outputs: partitionOutputs(result), warnings, refusals, reasons: partitionReasons(result) };
}

/**
 * Neighbours that another stack has already moved off our pCPUs. They are held as well, or they would be back when that
 * stack goes, or it could never go: any order of deletes has to work.
 */
function alsoEvicted(view: View, scenario: Scenario, args: CorePartitionArgs, planned: PartitionResult): Eviction[] {
  const ours = new Set(planned.assignments.flatMap((a) => a.pcpus));
  return scenario.vms.flatMap((vm) => {
    const from = view.beneath.get(affinityId(vm.key));
    const to = [...(vm.affinity ?? [])].sort((a, b) => a - b);
    // Only taken from, not put elsewhere: a VM that another stack places is that stack's to move.
    const less = Array.isArray(from) && to.every((cpu) => from.includes(cpu));
    const moved = less && from.some((cpu) => ours.has(cpu as number)) && !to.some((cpu) => ours.has(cpu));
    if (!moved || to.length === 0 || Object.hasOwn(args.vms, vm.key)) return [];
    if (planned.evictions.some((e) => e.vm === vm.key)) return [];
    return [{ vm: vm.key, from: [...from] as number[], to, why: "as another claim has it already" }];
  });
}

function sharingOf({ sharing }: CorePartitionArgs): { smt?: string[]; l2?: string[] } {
  return { ...(sharing?.smt ? { smt: sharing.smt } : {}), ...(sharing?.l2 ? { l2: sharing.l2 } : {}) };
}

/** An automatic choice stays where it was; at first it stays where the scenario has the VM, if that is legal. */
function formerOf(
  view: View,
  args: CorePartitionArgs,
  scenario: ReturnType<typeof readScenario>,
): Record<string, number[]> {
  const former: Record<string, number[]> = {};
  for (const vm of Object.keys(args.vms)) {
    const held = view.former.get(affinityId(vm)) as number[] | undefined;
    const found = held ?? scenario.vms.find((v) => v.key === vm)?.affinity;
    if (found) former[vm] = found;
  }
  return former;
}

function sourceOf(documents: Documents): { text: string; file: string } {
  const document = documents.get("scenario") as Document;
  const { text, file } = scenarioFile(document);
  if (text !== undefined) return { text, file };
  throw new AcrnError("scenario.missing", "the host has no scenario to read", {
    where: { file },
    hint: 'Install ACRN\'s Debian packages, or give the file: `scenario: { import: "<local file>" }` on the AcrnHost.',
  });
}

function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const live = (vm: string) => liveAffinity(documents, vm);
  const replaced = (map: unknown) =>
    Object.fromEntries(Object.entries((map ?? {}) as Record<string, unknown>).map(([vm, v]) => [vm, live(vm) ?? v]));
  const vms = Object.fromEntries(
    Object.entries((state.vms ?? {}) as Record<string, unknown>).map(([vm, wish]) => [
      vm,
      Array.isArray(wish) ? asWritten(wish as number[], live(vm)) : wish,
    ]),
  );
  return { vms, pcpus: replaced(state.pcpus), evicted: replaced(state.evicted) };
}

/** The order of a list in the program means nothing; it must not look like drift. */
function asWritten(wish: number[], live: number[] | undefined): number[] {
  const same = live && scenarioSurface.show([...wish].sort((a, b) => a - b)) === scenarioSurface.show(live);
  return same || !live ? wish : live;
}

function liveAffinity(documents: Documents, vm: string): number[] | undefined {
  const document = documents.get("scenario") as Document;
  const text = currentText(document);
  if (text === undefined) return undefined;
  const reading = document.surface.read(text, document.path, affinityId(vm).slice("scenario ".length));
  return reading.kind === "value" ? (reading.value as number[]) : undefined;
}

/** A pCPU that a remaining claim has for its VM alone may not come back to another VM by this withdrawal. */
function mayLeave(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[] {
  const held = remaining.flatMap(({ field, value }) => {
    const vm = vmOfAffinity(field);
    return vm === undefined ? [] : [{ vm, cpus: value as FieldValue & number[] }];
  });
  return held.flatMap(({ vm, cpus }) =>
    cpus.flatMap((pcpu) => {
      const [intruder] = sharers(after, pcpu, vm);
      if (intruder === undefined || sharers(before, pcpu, vm).length > 0) return [];
      return [
        {
          tip: "T15",
          code: "core.given-back",
          property: `vms.${vm}`,
          message: `giving back would put ${intruder} on pCPU ${pcpu}, which another claim holds for ${vm} alone`,
          hint: `Withdraw the claim for ${vm} first (pulumi-acrn claims shows whose it is), or take pCPU ${pcpu} from it.`,
        },
      ];
    }),
  );
}

function sharers(documents: Documents, pcpu: number, vm: string): string[] {
  const text = currentText(documents.get("scenario") as Document);
  if (text === undefined) return [];
  const vms = readScenario(text, "scenario.xml").vms;
  return vms.filter((v) => v.key !== vm && v.affinity?.includes(pcpu)).map((v) => v.key);
}
