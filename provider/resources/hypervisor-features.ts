import { installedVersion } from "../core/acrn/facts";
import { meantBy } from "../core/acrn/features/meaning";
import { PERF_POLICY_CFG, type Policy, perfPolicyCfg } from "../core/acrn/features/perf-policy";
import type { FeatureName, FeatureValue, Meaning } from "../core/acrn/features/table";
import { toldByScenario, toldVersions } from "../core/acrn/features/told-version";
import { showVersions } from "../core/acrn/features/versions";
import { wholeId } from "../core/acrn/file-document";
import { hvId } from "../core/acrn/scenario-surface";
import type { FieldValue, Wish } from "../core/claims/types";
import type { Refusal } from "../core/plan/types";
import { mayLeave } from "./hypervisor-features/may-leave";
import { observe } from "./hypervisor-features/observe";
import { featuresPending } from "./hypervisor-features/pending";
import { rules, unmeant } from "./hypervisor-features/rules";
import { declaredFeatures, featuresSchema, type HypervisorFeaturesArgs } from "./hypervisor-features/schema";
import { warnings } from "./hypervisor-features/warnings";
import type { Declared, ResourceKind, View } from "./kind";
import { scenarioSource } from "./scenario-source";

/** Options of the hypervisor by one name across versions (T21 among them). Claims leaves below `hv`, and the policy's place in GRUB's settings. */
export const hypervisorFeaturesKind: ResourceKind<HypervisorFeaturesArgs> = {
  type: "HypervisorFeatures",
  schema: featuresSchema,
  onePerMachine: true,
  outputs: ["elements"],
  files: (args) => (args.cpuPerformancePolicy === undefined ? [] : [PERF_POLICY_CFG]),
  declare,
  pending: featuresPending,
  observe,
  mayLeave,
};

/** One declared option with what it is in this scenario. */
export interface Chosen {
  name: FeatureName;
  value: FeatureValue;
  path: string;
  element: FieldValue;
}

function declare(view: View, args: HypervisorFeaturesArgs): Declared {
  const { text, file } = scenarioSource(view.documents);
  const installed = installedVersion(view.snapshot);
  const told = toldVersions(
    toldByScenario(text, file),
    installed.known ? installed.value : undefined,
    args.acrnVersion,
  );
  const refusals: Refusal[] = [];
  const chosen: Chosen[] = [];
  for (const [name, value] of declaredFeatures(args)) {
    const meant = meantBy(name, value, told);
    if ("meaning" in meant) chosen.push({ name, value, ...elementOf(meant.meaning, value) });
    else refusals.push(unmeant(name, meant));
  }
  return {
    wishes: chosen.flatMap(wishesOf),
    outputs: { elements: Object.fromEntries(chosen.map(({ name, path }) => [name, path])) },
    warnings: warnings({ view, args, text, file }),
    refusals: [...refusals, ...rules({ args, text, file })],
    reasons: [`elements are those of ACRN ${showVersions(told.versions)}: ${told.evidence.join("; ")}`],
  };
}

function elementOf({ path, values }: Meaning, value: FeatureValue): Pick<Chosen, "path" | "element"> {
  return { path, element: values[String(value)] as FieldValue };
}

function wishesOf({ name, path, element }: Chosen): Wish[] {
  const own = { field: hvId(path), value: element };
  if (name !== "cpuPerformancePolicy") return [own];
  return [own, { field: wholeId(PERF_POLICY_CFG), value: perfPolicyCfg(element as Policy) }];
}
