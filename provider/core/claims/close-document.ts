import type { FilePlan, Plan } from "../plan/types";
import { type Document, type DocumentRecord, type Ledger, splitField } from "./types";

/** Decides what becomes of the whole file once its fields are settled, and records or forgets its original. */
export function closeDocument(document: Document, text: string, ledger: Ledger, plan: Plan): Ledger {
  const known = ledger.documents[document.id];
  const held = holdsFields(document.id, ledger);
  if (!held && !known) return ledger;
  const record = known ?? recordOf(document);
  const after = held ? unlessBlank(document, text) : givenBack(document, text, record, plan);
  if (held && document.live === undefined && document.origin)
    plan.notes.push(`${document.path} is made from ${document.origin.label}`);
  if (after !== document.live) plan.files.push(filePlan(document, after));
  if (held) return known ? ledger : { ...ledger, documents: { ...ledger.documents, [document.id]: record } };
  const { [document.id]: _forgotten, ...documents } = ledger.documents;
  return { ...ledger, documents };
}

/** A file that may be made from nothing is not there when nothing is in it. */
function unlessBlank({ blank }: Document, text: string): string | undefined {
  return text === blank ? undefined : text;
}

/** A reservation (a field without a place yet) holds nothing in the file. */
function holdsFields(id: string, ledger: Ledger): boolean {
  return Object.entries(ledger.fields).some(
    ([field, record]) =>
      splitField(field)[0] === id && record.baseline !== undefined && Object.keys(record.claims).length > 0,
  );
}

function filePlan(document: Document, after: string | undefined): FilePlan {
  const { path, live: before, mode } = document;
  const file: FilePlan = mode === undefined ? { path, before, after } : { path, before, after, mode };
  return document.origin ? { ...file, origin: { label: document.origin.label, text: document.origin.text } } : file;
}

function recordOf(document: Document): DocumentRecord {
  const record: DocumentRecord = { path: document.path, original: document.live ?? null };
  return document.origin ? { ...record, origin: document.origin } : record;
}

/**
 * The last claim on the file is gone. If nothing but white space tells it from what it was, the original bytes go back
 * (or the file goes, when there was none); what others wrote meanwhile stays.
 */
function givenBack(document: Document, text: string, record: DocumentRecord, plan: Plan): string | undefined {
  const { path, surface, live } = document;
  // Somebody removed it: then there is nothing to undo in it, and it is not for us to bring it back. What a claim had away comes back.
  if (live === undefined && (document.blank === undefined || text === document.blank)) return undefined;
  const first = record.original ?? record.origin?.text ?? document.blank;
  if (first !== undefined && surface.sameFields(text, first, path)) {
    if (record.original === null && record.origin) plan.notes.push(`${path} goes: ${record.origin.label} counts again`);
    return record.original ?? undefined;
  }
  if (record.original === null) plan.notes.push(`${path} stays: somebody else changed it`);
  return text;
}
