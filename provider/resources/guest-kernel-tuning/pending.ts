import { wholeId } from "../../core/acrn/file-document";
import { currentText, type Documents, splitField } from "../../core/claims/types";
import { pathOfTrial } from "../../core/kernel/trial";
import { RUNTIME_SCRIPT } from "../../core/tuning/runtime/script";
import { unitOfId } from "../../core/tuning/services/surface";
import { SYSCTL } from "../../core/tuning/sysctl/fragment";
import { nameOfRunningSysctl } from "../../core/tuning/sysctl/running";
import type { Pending, View } from "../kind";
import { linePending } from "./pending/line";
import { knobPending, sysctlPending, unitPending } from "./pending/rest";
import { trialPending } from "./pending/trial";

/** Declared, written, generated and running, a row a setting. What only starts our units at boot has none of its own. */
export function tuningPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  const lines = linePending(
    view,
    documents,
    fields.filter((field) => field.startsWith("line[")),
  );
  return [...lines, ...fields.flatMap((field) => rowOf(view, documents, field))];
}

function rowOf(view: View, documents: Documents, field: string): Pending[] {
  const [id] = splitField(field);
  const text = () => {
    const document = documents.get(id);
    return document && currentText(document);
  };
  if (pathOfTrial(id) !== undefined) return trialPending(view, field, documents);
  if (id === SYSCTL) return sysctlPending(view, documents, field);
  if (unitOfId(id) !== undefined) return unitPending(view, field);
  if (nameOfRunningSysctl(id) !== undefined) return [];
  return field === wholeId(RUNTIME_SCRIPT) ? knobPending(view, field, text()) : [];
}
