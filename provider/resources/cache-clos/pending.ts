import { scenarioFile } from "../../core/acrn/scenario-document";
import { scenarioSurface } from "../../core/acrn/scenario-surface";
import { same } from "../../core/claims/same";
import { type Document, type Documents, type FieldValue, splitField } from "../../core/claims/types";
import { imageNeeds, NEW_IMAGE } from "../core-partition/pending";
import type { Pending, View } from "../kind";

/** Everything that has to do with classes is compiled in (reference 7a), so what was built is what runs. */
export function closPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  return fields.map((field) => {
    const value = text === undefined ? undefined : valueIn(text, file, field);
    return builtIn(view, field, value);
  });
}

function builtIn(view: View, field: string, value: FieldValue | undefined): Pending {
  const { built } = view.evidence;
  const scenario = built.known ? built.scenario : built.next;
  const written = show(value);
  if (scenario === undefined)
    return { field, state: "unknown", written, built: "unknown", running: "unknown", evidence: built.why, needs: [] };
  const image = valueIn(scenario, "scenario.xml", field);
  const shown = built.known ? show(image) : "unknown";
  const row = { field, written, built: shown, running: shown, evidence: built.why };
  const has = same(image, value);
  if (built.known && has) return { ...row, state: "active", needs: [] };
  return { ...row, state: "pending", needs: has ? imageNeeds(built) : [...NEW_IMAGE] };
}

function valueIn(text: string, file: string, field: string): FieldValue | undefined {
  const reading = scenarioSurface.read(text, file, splitField(field)[1]);
  return reading.kind === "value" ? reading.value : undefined;
}

const show = (value: FieldValue | undefined) => (value === undefined ? "(absent)" : scenarioSurface.show(value));
