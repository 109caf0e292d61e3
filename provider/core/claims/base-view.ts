import { atBaseline, rawOf } from "./baseline";
import { type Claimant, findOwner, ofStack, winner, wishesOf, withoutOwner } from "./owners";
import {
  currentText,
  type Document,
  type Documents,
  type FieldValue,
  type Ledger,
  type Owner,
  splitField,
} from "./types";

/** The machine as if one resource had never wished anything: what it declares is decided on this, so it never feeds on itself. */
export interface BaseView {
  documents: Documents;
  /** What the resource (or the one whose place it takes) holds now, by field: lets an automatic choice stay where it was. */
  former: ReadonlyMap<string, FieldValue>;
  /** What fields that others hold would be without them: it comes back when they go. */
  beneath: ReadonlyMap<string, FieldValue>;
  /** Fields that others hold. */
  claimed: ReadonlySet<string>;
  /** Who holds a field in another stack, by field: of one's own stack some may be about to go (a refactoring). */
  foreign: ReadonlyMap<string, readonly Owner[]>;
}

/**
 * @param alone a machine has one of this kind, so another of the same stack is one whose place this takes (a rename, a
 * move into a component): the engine deletes it later. Seen through its wishes, this one would leave out what is done
 * already, such as a neighbour's eviction, and that delete would undo it.
 */
export function baseView(documents: Documents, ledger: Ledger, who: Claimant, alone = false): BaseView {
  const owner = findOwner(ledger, who);
  const before = alone ? predecessors(ledger, who, owner) : [];
  const ids = [...before, owner].map((o) => o?.id);
  const former = new Map(ids.flatMap((id) => [...wishesOf(ledger, id)]));
  const rest = ids.reduce(withoutOwner, ledger);
  const out = new Map<string, Document>(documents);
  // What lies within another field goes before it: `vm[X]/memory` before the VM that we inserted.
  for (const field of [...former.keys()].reverse()) {
    const [id, key] = splitField(field);
    const document = out.get(id);
    if (document) out.set(id, withdrawn(document, key, rest, field));
  }
  return { documents: out, former, beneath: beneath(rest), claimed: claimedIn(rest), foreign: foreignIn(rest, who) };
}

function foreignIn({ fields, owners }: Ledger, who: Claimant): Map<string, Owner[]> {
  const others = new Set(Object.values(owners).flatMap((owner) => (ofStack(owner, who) ? [] : [owner.id])));
  if (others.size === 0) return new Map();
  return new Map(
    Object.entries(fields).flatMap(([field, { claims }]) => {
      const held = Object.keys(claims).flatMap((id) => (others.has(id) ? [owners[id] as Owner] : []));
      return held.length > 0 ? [[field, held] as const] : [];
    }),
  );
}

function claimedIn({ fields }: Ledger): Set<string> {
  return new Set(Object.keys(fields).filter((field) => Object.keys(fields[field]?.claims ?? {}).length > 0));
}

function beneath(others: Ledger): Map<string, FieldValue> {
  const out = new Map<string, FieldValue>();
  for (const [field, record] of Object.entries(others.fields))
    if (winner(others, record) && record.baseline?.kind === "value") out.set(field, record.baseline.value);
  return out;
}

function predecessors(ledger: Ledger, { stack, kind }: Claimant, self: Owner | undefined): Owner[] {
  const others = Object.values(ledger.owners).filter((o) => o.stack === stack && o.kind === kind && o.id !== self?.id);
  return others.sort((a, b) => a.sequence - b.sequence);
}

function withdrawn(document: Document, key: string, ledger: Ledger, field: string): Document {
  const text = currentText(document);
  if (text === undefined) return document;
  const { surface, path } = document;
  const reading = surface.read(text, path, key);
  const record = ledger.fields[field];
  if (reading.kind === "no-place" || !record) return document;
  const remaining = winner(ledger, record);
  if (remaining) return { ...document, live: surface.write(text, path, key, remaining.value) };
  if (!record.baseline || atBaseline(reading, record.baseline)) return document;
  return withText(document, surface.restore(text, path, key, rawOf(record.baseline)));
}

/** A file that only our claim made is not there without it. */
function withText(document: Document, text: string): Document {
  return { ...document, live: text === document.blank ? undefined : text };
}
