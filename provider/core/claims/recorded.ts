import { AcrnError } from "../errors";
import { placeInJson } from "../text/json-place";
import { visible } from "../text/visible";
import { LEDGER_PATH } from "./ledger";
import { type Documents, type FieldRecord, type FieldValue, type Ledger, splitField } from "./types";

/**
 * A ledger may be well-formed and still say what no version of ours has written: pCPUs that are words, an original that is
 * half an element. That is told here, once, and not where such a value is shown, compared or written.
 *
 * @param text the ledger's own text, for the place
 * @throws AcrnError `ledger.format`
 */
export function checkRecorded(ledger: Ledger, documents: Documents, text: string | undefined): void {
  for (const [field, record] of Object.entries(ledger.fields)) {
    const [id, key] = splitField(field);
    const surface = documents.get(id)?.surface;
    const bad = surface && valuesOf(record).find(({ value, raw }) => !surface.takes(key, value, raw));
    if (!bad) continue;
    throw new AcrnError(
      "ledger.format",
      `the ledger cannot be read: ${shown(bad.value)} is no value of ${shown(field)}`,
      {
        where: placeInJson(text ?? "", LEDGER_PATH, ["fields", field, ...bad.path]),
        hint: "Nothing is written while the ledger is broken. Restore it from a backup of the machine, or move it away.",
      },
    );
  }
}

interface Recorded {
  value: FieldValue;
  raw?: string;
  path: string[];
}

function valuesOf({ baseline, applied, previous, claims }: FieldRecord): Recorded[] {
  return [
    ...Object.entries(claims).map(([id, value]) => ({ value, path: ["claims", id] })),
    ...(applied === undefined ? [] : [{ value: applied, path: ["applied"] }]),
    ...(previous === undefined ? [] : [{ value: previous, path: ["previous"] }]),
    ...(baseline?.kind === "value" ? [{ value: baseline.value, raw: baseline.raw, path: ["baseline"] }] : []),
  ];
}

function shown(value: FieldValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return visible(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
