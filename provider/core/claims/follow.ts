import { AcrnError } from "../errors";
import { mergeLines } from "../text/merge";
import { winner } from "./owners";
import { splitField, type Document, type FieldRecord, type Ledger, type Origin } from "./types";

export interface Followed {
  document: Document;
  ledger: Ledger;
  /** What is said in the plan; undefined when the origin is the one we know. */
  note?: string;
}

/**
 * A new record (a package upgrade) or import has come: fields that nobody claims follow it three-way, claims stay on top
 * with the new value as their baseline. Fields that both a hand and the new origin changed are a conflict.
 */
export function followOrigin(document: Document, ledger: Ledger, conflicts: Conflicts): Followed {
  const known = ledger.documents[document.id]?.origin;
  const { origin, live, path, surface } = document;
  if (!known || !origin || live === undefined || known.sha256 === origin.sha256) return { document, ledger };
  // Built from our own source: what it brings is what we wrote, and the baselines stay those from before us.
  if (surface.sameFields(origin.text, live, path)) return { document, ledger };
  const mine = withoutClaims(document, ledger, live);
  const merged = merge(document, mine, known, origin, conflicts);
  return {
    document: { ...document, live: merged },
    ledger: rebased(document, ledger, merged, origin),
    note: `${path} follows ${origin.label}, which is new`,
  };
}

/** Names the fields that differ in all three texts; given by the caller, because it knows the file's syntax. */
export type Conflicts = (base: string, mine: string, theirs: string) => string[];

function withoutClaims(document: Document, ledger: Ledger, text: string): string {
  const { surface, path } = document;
  let out = text;
  for (const [field, record] of ownFields(document, ledger)) {
    const key = splitField(field)[1];
    if (!record.baseline || surface.read(out, path, key).kind === "no-place") continue;
    out = surface.restore(out, path, key, record.baseline.kind === "value" ? record.baseline.raw : undefined);
  }
  return out;
}

function merge(document: Document, mine: string, base: Origin, theirs: Origin, conflicts: Conflicts): string {
  if (document.surface.sameFields(mine, base.text, document.path)) return theirs.text;
  const named = conflicts(base.text, mine, theirs.text);
  const merged = named.length > 0 ? undefined : mergeLines(mine, base.text, theirs.text);
  if (merged === undefined) throw conflict(document, theirs, named);
  return merged;
}

/** Claims go on top of what the new origin says, and what it says is what they will give back. */
function rebased(document: Document, ledger: Ledger, text: string, origin: Origin): Ledger {
  const fields = { ...ledger.fields };
  for (const [field, record] of ownFields(document, ledger)) {
    const reading = document.surface.read(text, document.path, splitField(field)[1]);
    const { baseline: _old, ...rest } = record;
    if (reading.kind === "no-place") fields[field] = rest;
    else if (reading.kind === "absent") fields[field] = { ...rest, baseline: { kind: "absent" } };
    else fields[field] = { ...rest, baseline: { kind: "value", value: reading.value, raw: reading.raw } };
  }
  const known = ledger.documents[document.id];
  if (!known) return { ...ledger, fields };
  return { ...ledger, fields, documents: { ...ledger.documents, [document.id]: { ...known, origin } } };
}

/** The text with every claim of every owner on it: a rebased document loses nobody's edit. */
export function withClaims(document: Document, ledger: Ledger, text: string): string {
  let out = text;
  for (const [field, record] of ownFields(document, ledger)) {
    const target = winner(ledger, record);
    const key = splitField(field)[1];
    if (target && document.surface.read(out, document.path, key).kind !== "no-place")
      out = document.surface.write(out, document.path, key, target.value);
  }
  return out;
}

function ownFields(document: Document, ledger: Ledger): [string, FieldRecord][] {
  return Object.entries(ledger.fields)
    .filter(([field]) => splitField(field)[0] === document.id)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function conflict(document: Document, origin: Origin, fields: string[]): AcrnError {
  const what = fields.length > 0 ? fields.join(", ") : "neighbouring lines";
  return new AcrnError("scenario.conflict", `${origin.label} is new and disagrees with edits made by hand: ${what}`, {
    where: { file: document.path },
    hint: `Give ${what} the same value in both files, or undo the hand's edit in ${document.path}; then run again.`,
  });
}
