import { scenarioFile } from "../../core/acrn/scenario-document";
import { hvOfField, scenarioSurface } from "../../core/acrn/scenario-surface";
import { same } from "../../core/claims/same";
import type { Document, Documents, FieldValue } from "../../core/claims/types";
import { imageNeeds, NEW_IMAGE } from "../core-partition/pending";
import type { Pending, View } from "../kind";
import { policyPending } from "./policy-pending";

/** The policy is none of the image: it comes with the boot line. */
const POLICY = "hv/FEATURES/CPU_PERFORMANCE_POLICY";

/** Everything else below `hv` is compiled in (reference 7a), so what was built is what runs. */
export function featuresPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  return fields.flatMap((field) => {
    const path = hvOfField(field);
    if (path === undefined) return [];
    const { text, file } = scenarioFile(documents.get("scenario") as Document);
    const written = text === undefined ? undefined : valueIn(text, file, path);
    return [path === POLICY ? policyPending(view, documents, field, written) : builtIn(view, field, path, written)];
  });
}

function builtIn(view: View, field: string, path: string, value: FieldValue | undefined): Pending {
  const { built } = view.evidence;
  const scenario = built.known ? built.scenario : built.next;
  const written = show(value);
  if (scenario === undefined)
    return { field, state: "unknown", written, built: "unknown", running: "unknown", evidence: built.why, needs: [] };
  const image = valueIn(scenario, "scenario.xml", path);
  const shown = built.known ? show(image) : "unknown";
  const row = { field, written, built: shown, running: shown, evidence: built.why };
  const has = same(image, value);
  if (built.known && has) return { ...row, state: "active", needs: [] };
  return { ...row, state: "pending", needs: has ? imageNeeds(built) : [...NEW_IMAGE] };
}

function valueIn(text: string, file: string, path: string): FieldValue | undefined {
  const reading = scenarioSurface.read(text, file, path);
  return reading.kind === "value" ? reading.value : undefined;
}

const show = (value: FieldValue | undefined) => (value === undefined ? "(absent)" : scenarioSurface.show(value));
