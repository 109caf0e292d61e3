import { valueFrom } from "../../core/acrn/features/meaning";
import { PERF_POLICY_CFG, policyOfCfg } from "../../core/acrn/features/perf-policy";
import { FEATURES } from "../../core/acrn/features/table";
import { fileId } from "../../core/acrn/file-document";
import { isRecord } from "../../core/claims/same";
import { currentText, type Document, type Documents } from "../../core/claims/types";
import { declaredFeatures, type HypervisorFeaturesArgs } from "./schema";

/** The options as the scenario source has them, by the elements that the last up chose; a text that is none of our values as it is. */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const elements = isRecord(state.elements) ? state.elements : {};
  const document = documents.get("scenario") as Document;
  const text = currentText(document);
  const live = declaredFeatures(state as Partial<HypervisorFeaturesArgs>).flatMap(([name]) => {
    const path = elements[name] as string;
    // a state may hold anything
    if (text === undefined || !FEATURES[name].some((row) => row.path === path)) return [];
    const reading = document.surface.read(text, document.path, path);
    const said = reading.kind === "value" ? reading.value : undefined;
    return [[name, valueFrom(name, path, said) ?? said ?? "(not in the scenario)"] as const];
  });
  return { ...Object.fromEntries(live), ...inGrub(documents, Object.fromEntries(live)) };
}

/** The policy is in two places: where GRUB's has another, that one shows. */
function inGrub(documents: Documents, live: Record<string, unknown>): Record<string, unknown> {
  if (live.cpuPerformancePolicy === undefined) return {};
  const text = documents.get(fileId(PERF_POLICY_CFG))?.live;
  const policy = text === undefined ? undefined : policyOfCfg(text)?.toLowerCase();
  return policy === live.cpuPerformancePolicy ? {} : { cpuPerformancePolicy: policy ?? "(not in GRUB's settings)" };
}
