import { AcrnError } from "../errors";
import { mergeLines } from "../text/merge";
import { atBaseline, rawOf, wasOurs } from "./baseline";
import { winner } from "./owners";
import { type Document, type FieldRecord, type Ledger, type Origin, splitField } from "./types";

export interface Followed {
  document: Document;
  ledger: Ledger;
  /** What is said in the plan; undefined when the origin is the one we know. */
  note?: string;
}

/**
 * A new record (a package upgrade) or import has come: fields that nobody claims follow it three-way, claims stay on top
 * with the new value as their baseline. Fields that both a hand and the new origin changed are a conflict.
 * Where the text stays as it is there is no note: the ledger of the result goes along with whatever is written next.
 */
export function followOrigin(document: Document, ledger: Ledger, conflicts: Conflicts): Followed {
  const known = ledger.documents[document.id]?.origin;
  const { live, path, surface } = document;
  if (!known || !document.origin) return { document, ledger };
  // Without its `import` a stack (or a command line) would rewrite an imported source from the record, and back again.
  if (known.imported && !document.origin.imported) return { document: { ...document, origin: known }, ledger };
  if (known.sha256 === document.origin.sha256)
    return { document: { ...document, origin: { ...document.origin, text: known.text } }, ledger };
  const origin = { ...document.origin, text: withoutOurs(document, ledger, document.origin) };
  // Somebody removed the file: it will be made from the new origin, so that is what claims will give back.
  if (live === undefined) return { document: { ...document, origin }, ledger: rebased(document, ledger, origin) };
  // Built from our own source: it brings nothing, and the baselines stay those from before us.
  if (surface.sameFields(origin.text, known.text, path) || surface.sameFields(document.origin.text, live, path))
    return { document, ledger: remembered(document, ledger, origin) };
  const mine = withoutClaims(document, ledger, live);
  const merged = merge(document, mine, known, origin, conflicts);
  const next = rebased(document, ledger, origin, merged);
  const text = withClaims(document, next, merged);
  if (text === live) return { document, ledger: next };
  return { document: { ...document, live: text }, ledger: next, note: `${path} follows ${origin.label}, which is new` };
}

/** Names the fields that differ in all three texts; given by the caller, because it knows the file's syntax. */
export type Conflicts = (base: string, mine: string, theirs: string) => string[];

/**
 * What an origin says, less what it has from us. An image that was built from our source brings our own values as its
 * record; taken for somebody else's, they would become the baselines, and nothing could be given back any more.
 */
function withoutOurs(document: Document, ledger: Ledger, origin: Origin): string {
  let out = origin.text;
  for (const [field, record] of ownFields(document, ledger)) {
    const key = splitField(field)[1];
    const reading = document.surface.read(out, origin.label, key);
    if (record.baseline && !atBaseline(reading, record.baseline) && wasOurs(reading, record))
      out = document.surface.restore(out, origin.label, key, rawOf(record.baseline));
  }
  return out;
}

function withoutClaims(document: Document, ledger: Ledger, text: string): string {
  const { surface, path } = document;
  let out = text;
  for (const [field, record] of ownFields(document, ledger)) {
    const key = splitField(field)[1];
    if (!record.baseline || surface.read(out, path, key).kind === "no-place") continue;
    out = surface.restore(out, path, key, rawOf(record.baseline));
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
function rebased(document: Document, ledger: Ledger, origin: Origin, text = origin.text): Ledger {
  const fields = { ...ledger.fields };
  for (const [field, record] of ownFields(document, ledger)) {
    const reading = document.surface.read(text, document.path, splitField(field)[1]);
    const { baseline: _old, ...rest } = record;
    if (reading.kind === "no-place") fields[field] = rest;
    else if (reading.kind === "absent") fields[field] = { ...rest, baseline: { kind: "absent" } };
    else fields[field] = { ...rest, baseline: { kind: "value", value: reading.value, raw: reading.raw } };
  }
  return remembered(document, { ...ledger, fields }, origin);
}

function remembered({ id }: Document, ledger: Ledger, origin: Origin): Ledger {
  const known = ledger.documents[id];
  return known ? { ...ledger, documents: { ...ledger.documents, [id]: { ...known, origin } } } : ledger;
}

/** The text with every claim of every owner on it: a rebased document loses nobody's edit. */
function withClaims(document: Document, ledger: Ledger, text: string): string {
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
