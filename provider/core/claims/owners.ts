import type { FieldRecord, FieldValue, Ledger, Owner, Wish } from "./types";

/** Who plans: `urns` holds the current URN first, then the one it had before (an alias). */
export interface Claimant {
  stack: string;
  /** What the stack was called before (`pulumi stack rename` changes it, and the URNs, for all resources at once). */
  stackBefore?: string;
  kind: string;
  urns: readonly string[];
}

export function findOwner(ledger: Ledger, who: Claimant): Owner | undefined {
  for (const urn of who.urns)
    for (const owner of Object.values(ledger.owners))
      if (ofStack(owner, who) && owner.urn === urn && owner.kind === who.kind) return owner;
  return undefined;
}

export function ofStack({ stack }: Owner, who: Claimant): boolean {
  return stack === who.stack || stack === who.stackBefore;
}

/** The wishes that an owner holds now, by field. */
export function wishesOf(ledger: Ledger, id: string | undefined): Map<string, FieldValue> {
  const out = new Map<string, FieldValue>();
  if (id === undefined) return out;
  for (const field of Object.keys(ledger.fields).sort()) {
    const claims = ledger.fields[field]?.claims ?? {};
    if (Object.hasOwn(claims, id)) out.set(field, claims[id] as FieldValue);
  }
  return out;
}

/** The value that the remaining claims give a field; undefined when nobody claims it. */
export function winner(
  ledger: Ledger,
  record: FieldRecord | undefined,
): { owner: Owner; value: FieldValue } | undefined {
  let best: { owner: Owner; value: FieldValue } | undefined;
  for (const [id, value] of Object.entries(record?.claims ?? {})) {
    const owner = ledger.owners[id];
    if (owner && (!best || owner.sequence > best.owner.sequence)) best = { owner, value };
  }
  return best;
}

/** The ledger without one owner. Records stay, also those that nobody claims now: their baseline is still needed. */
export function withoutOwner(ledger: Ledger, id: string | undefined): Ledger {
  if (id === undefined || !Object.hasOwn(ledger.owners, id)) return ledger;
  const { [id]: _gone, ...owners } = ledger.owners;
  const fields: Record<string, FieldRecord> = {};
  for (const [field, record] of Object.entries(ledger.fields)) {
    const { [id]: _wish, ...claims } = record.claims;
    fields[field] = { ...record, claims };
  }
  return { ...ledger, owners, fields };
}

/** The ledger with an owner and its wishes: on top of all others, unless it keeps the rank that it has. */
export function withOwner(
  ledger: Ledger,
  owner: Omit<Owner, "sequence">,
  wishes: readonly Wish[],
  rank?: number,
): Ledger {
  const sequence = rank ?? ledger.sequence + 1;
  const fields = { ...ledger.fields };
  for (const { field, value } of wishes) {
    const record: FieldRecord = fields[field] ?? { claims: {} };
    fields[field] = { ...record, claims: { ...record.claims, [owner.id]: value } };
  }
  return {
    ...ledger,
    sequence: Math.max(ledger.sequence, sequence),
    owners: { ...ledger.owners, [owner.id]: { ...owner, sequence } },
    fields,
  };
}
