import { z } from "zod";
import { closRowWarnings } from "../core/acrn/clos-rows";
import { type CoreWish, planPartition } from "../core/acrn/partition";
import { readScenario, readScenarioFeatures } from "../core/acrn/scenario";
import { CACHE_REGION } from "../core/acrn/scenario/cache-region";
import { affinityId, hvId } from "../core/acrn/scenario-surface";
import type { Wish } from "../core/claims/types";
import { alsoEvicted } from "./core-partition/also-evicted";
import { mayLeave } from "./core-partition/may-leave";
import { observe } from "./core-partition/observe";
import { partitionOutputs, partitionReasons } from "./core-partition/outputs";
import { affinityPending } from "./core-partition/pending";
import { launchScripts, managedVms } from "./core-partition/scripts";
import type { Declared, ResourceKind, View } from "./kind";
import { scenarioSource } from "./scenario-source";

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

/** What a CacheClos always claims, on 3.x and 2.x. */
const CLASSES = [hvId(CACHE_REGION), hvId("hv/FEATURES/RDT/CLOS_MASK")];

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
  const { text, file } = scenarioSource(view.documents);
  const scenario = readScenario(text, file);
  const scripts = launchScripts(view.snapshot);
  const managedClasses = CLASSES.some((field) => view.claimed.has(field));
  const planned = planPartition({
    topology: view.topology(),
    scenario,
    wanted: args.vms as Record<string, CoreWish>,
    neighbours: args.neighbours,
    sharing: sharingOf(args),
    former: formerOf(view, args, scenario),
    scripts,
    managedScripts: managedVms(view, scripts),
    managedClasses,
    features: readScenarioFeatures(text, file),
    files: { scenario: file },
  });
  const result = { ...planned, evictions: [...planned.evictions, ...alsoEvicted(view, scenario, args.vms, planned)] };
  const wishes: Wish[] = [
    ...result.assignments.map((a) => ({ field: affinityId(a.vm), value: a.pcpus })),
    ...result.evictions.map((e) => ({ field: affinityId(e.vm), value: e.to })),
  ];
  const { refusals } = result;
  const placed = [...result.assignments, ...result.evictions.map(({ vm, to }) => ({ vm, pcpus: to }))];
  // A CacheClos writes every VM's rows.
  const rows = managedClasses ? [] : closRowWarnings({ text, file }, placed);
  const warnings = [...result.warnings, ...rows];
  return { wishes, outputs: partitionOutputs(result), warnings, refusals, reasons: partitionReasons(result) };
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
