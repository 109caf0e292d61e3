import { namesCount } from "../core/acrn/clos/faults/dynamic";
import { closVms, type Placed } from "../core/acrn/clos/layout";
import { type ClosPlan, planClos, planOldClos } from "../core/acrn/clos/plan";
import { readClosSettings } from "../core/acrn/clos/read";
import { readScenario } from "../core/acrn/scenario";
import type { LaunchScript } from "../core/acrn/types";
import type { Refusal } from "../core/plan/types";
import { formerAllocations, formerLists, wishesFor } from "./cache-clos/fields";
import { type Going, goingBy, goingWarnings } from "./cache-clos/going";
import { leaves } from "./cache-clos/leaves";
import { observe } from "./cache-clos/observe";
import { closOutputs, closReasons, OUTPUTS } from "./cache-clos/outputs";
import { closPending } from "./cache-clos/pending";
import { type CacheClosArgs, cacheClosSchema, declarationOf } from "./cache-clos/schema";
import { launchScripts } from "./core-partition/scripts";
import type { Declared, ResourceKind, View } from "./kind";
import { scenarioSource } from "./scenario-source";

/**
 * The classes of service of a host (T04, T05): who fills which ways of which cache. Claims the whole CACHE_REGION and RDT's switches (3.x), or
 * the lists of masks and every VM's `clos` (2.x), because the order of all policies together decides what each vCPU gets.
 */
export const cacheClosKind: ResourceKind<CacheClosArgs> = {
  type: "CacheClos",
  schema: cacheClosSchema,
  onePerMachine: true,
  outputs: OUTPUTS,
  declare,
  pending: closPending,
  observe,
  leaves,
};

function declare(view: View, args: CacheClosArgs): Declared {
  const { text, file } = scenarioSource(view.documents);
  const { dialect } = readScenario(text, file);
  const topology = view.topology();
  const going = goingBy(view, args, text, file);
  const vms = closVms(text, file, topology, placedBy(args, going));
  const scripts = scriptsFor(view, text, file);
  const input = { declaration: declarationOf(args), topology, vms, scripts, vcat: readClosSettings(text, file).vcat };
  const plan: ClosPlan =
    dialect === "3.x"
      ? planClos({ ...input, former: formerAllocations(view) })
      : planOldClos(input, formerLists(view, vms));
  const refusals = plan.refusals.map((each): Refusal => ({ ...each, tip: each.code === "clos.mba" ? "T05" : "T04" }));
  if (refusals.length > 0) return { wishes: [], outputs: {}, warnings: [], refusals, reasons: [] };
  return {
    wishes: wishesFor(view, plan, dialect, args.cdp),
    outputs: closOutputs(plan),
    warnings: [...plan.warnings, ...goingWarnings(going)].map((warning) => `T04: ${warning}`),
    refusals,
    reasons: closReasons(plan),
  };
}

/** What this program's CorePartition and RtVms make of the VMs: their claims are not looked at, whatever came first. */
function placedBy({ partition, rtVms }: CacheClosArgs, going: Going): Placed {
  const own = rtVms.flatMap(({ name, pcpus }) => (pcpus ? [[name, pcpus] as const] : []));
  return {
    pcpus: { ...Object.fromEntries(own), ...partition?.evicted, ...partition?.pcpus },
    realtime: rtVms.map(({ name }) => name),
    ...going,
  };
}

/** Those that launch a VM of the scenario are none to warn of, even where that VM goes with this run: its script goes with it. */
function scriptsFor(view: View, text: string, file: string): readonly LaunchScript[] {
  if (!namesCount(text, file)) return [];
  const there = new Set(readScenario(text, file).vms.map(({ key }) => key));
  return launchScripts(view.snapshot).filter(({ vm }) => vm === undefined || !there.has(vm));
}
