import { AcrnError } from "../errors";
import { type ClaimNote, emptyPlan, type FieldEdit, type LeftField, type Plan } from "../plan/types";
import { visible } from "../text/visible";
import { type Change, changed } from "./change";
import { closeDocument } from "./close-document";
import { type Claimant, findOwner, ofStack, winner, wishesOf, withOwner, withoutOwner } from "./owners";
import { same } from "./same";
import { type Settled, settleField } from "./settle-field";
import {
  currentText,
  type Document,
  type Documents,
  type FieldValue,
  type Ledger,
  type Owner,
  splitField,
  type Wish,
} from "./types";

export interface Resolution {
  plan: Plan;
  /** What the ledger says once the plan is done. */
  ledger: Ledger;
}

export interface Claiming {
  who: Claimant;
  /** Undefined: the resource withdraws. */
  wishes: readonly Wish[] | undefined;
  /** The id that the claim gets; a check that does not know it yet passes anything. */
  id: string;
}

/** From what is there to what one resource's claim (or its withdrawal) makes of it. Pure; touches that resource's fields only. */
export function resolve(documents: Documents, ledger: Ledger, claiming: Claiming): Resolution {
  const owner = findOwner(ledger, claiming.who);
  const former = wishesOf(ledger, owner?.id);
  const wishes = new Map((claiming.wishes ?? []).map((w) => [w.field, w.value]));
  refuseOtherStacks(documents, withoutOwner(ledger, owner?.id), claiming);
  const fields = [...new Set([...former.keys(), ...wishes.keys()])].sort();
  let next = claimed(ledger, owner, former, wishes, claiming);
  const plan = emptyPlan();
  for (const [id, keys] of byDocument(fields)) {
    const document = documents.get(id);
    if (!document) throw unknown(id);
    next = resolveDocument(document, keys, { former, wishes, before: ledger, next, plan });
  }
  plan.edits.sort((a, b) => (a.field < b.field ? -1 : 1));
  return { plan, ledger: next };
}

interface Work {
  former: ReadonlyMap<string, FieldValue>;
  wishes: ReadonlyMap<string, FieldValue>;
  before: Ledger;
  next: Ledger;
  plan: Plan;
}

/** Keeps the ledger as it is, byte for byte, when the resource wishes what it already has: no edit without a reason. */
function claimed(
  ledger: Ledger,
  owner: ReturnType<typeof findOwner>,
  former: ReadonlyMap<string, FieldValue>,
  wishes: ReadonlyMap<string, FieldValue>,
  { who, id, wishes: list }: Claiming,
): Ledger {
  const rest = withoutOwner(ledger, owner?.id);
  if (!list) return rest;
  const self = { id, stack: who.stack, urn: who.urns[0] as string, kind: who.kind };
  if (!owner || !same([...former].sort(), [...wishes].sort())) return withOwner(rest, self, list);
  const unchanged = same({ ...self, sequence: owner.sequence }, owner);
  // A new id or name alone (--replace, an alias) is no new wish, so it does not go above the others.
  return unchanged ? ledger : withOwner(rest, self, list, owner.sequence);
}

function byDocument(fields: readonly string[]): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const field of fields) {
    const [id] = splitField(field);
    out.set(id, [...(out.get(id) ?? []), field]);
  }
  return out;
}

function resolveDocument(document: Document, fields: readonly string[], work: Work): Ledger {
  const start = currentText(document);
  if (start === undefined) throw missing(document);
  const apart = fields.every((field) => document.surface.apart?.has(splitField(field)[1]));
  let text = start;
  let waiting: Change[] = [];
  const records = { ...work.next.fields };
  for (const field of inOrder(document.asWished ? asWished(fields, work.wishes) : fields, work.next)) {
    const settled = settleField(document, text, field, work.next, work.wishes.has(field));
    if (settled.change) waiting.push(settled.change);
    // Bytes from before us come back whatever they say, so the next field is read with them.
    if (!apart || !settled.record) {
      text = changed(document, text, waiting);
      waiting = [];
    }
    if (settled.record) records[field] = settled.record;
    else delete records[field];
    note(work, field, document, settled);
  }
  return closeDocument(document, changed(document, text, waiting), { ...work.next, fields: records }, work.plan);
}

/**
 * What nobody wishes any more goes first, and what lies within another field before it (`vm[X]/memory`, then `vm[X]`); what is wished comes
 * the other way round.
 */
function inOrder(fields: readonly string[], next: Ledger): string[] {
  const wished = fields.filter((field) => winner(next, next.fields[field]));
  const given = fields.filter((field) => !wished.includes(field));
  return [...given.reverse(), ...wished];
}

function asWished(fields: readonly string[], wishes: ReadonlyMap<string, FieldValue>): string[] {
  const order = [...wishes.keys()];
  return [...fields].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

function note(work: Work, field: string, document: Document, settled: Settled): void {
  const { plan, former, wishes } = work;
  if (settled.edit) plan.edits.push(settled.edit as FieldEdit);
  if (settled.left) plan.left.push(settled.left as LeftField);
  if (settled.edit) return;
  const was = former.get(field);
  const is = wishes.get(field);
  const show = document.surface.show;
  const add = (what: ClaimNote["what"], value: FieldValue) => plan.claims.push({ field, what, shown: show(value) });
  if (is === undefined && was !== undefined && !settled.left) add("releases", was);
  if (is !== undefined && (was === undefined || !same(was, is))) add(settled.reserved ? "reserves" : "claims", is);
}

function refuseOtherStacks(documents: Documents, others: Ledger, { who, wishes }: Claiming): void {
  for (const { field, value } of wishes ?? []) {
    const held = claimsOn(others, field).find((claim) => !ofStack(claim.owner, who) && !same(claim.value, value));
    if (!held) continue;
    const surface = documents.get(splitField(field)[0])?.surface;
    const show = (v: FieldValue) => surface?.show(v) ?? JSON.stringify(v);
    throw new AcrnError(
      "claim.other-stack",
      `stack ${held.owner.stack} holds ${field} at ${show(held.value)}, and this one wants ${show(value)}`,
      {
        hint:
          `Give both the same value, or take it out of one of them: ${held.owner.urn}. ` +
          "If that stack is gone for good, free what it left with `pulumi-acrn release`.",
      },
    );
  }
}

/** All claims on a field, the latest first: any of them may be another stack's, not only the one that gives the value. */
function claimsOn(ledger: Ledger, field: string): { owner: Owner; value: FieldValue }[] {
  const claims = Object.entries(ledger.fields[field]?.claims ?? {});
  return claims
    .flatMap(([id, value]) => (ledger.owners[id] ? [{ owner: ledger.owners[id], value }] : []))
    .sort((a, b) => b.owner.sequence - a.owner.sequence);
}

function unknown(id: string): AcrnError {
  return new AcrnError("field.unknown", `a claim is on "${visible(id)}", a file that this version does not know`, {
    hint: "A newer pulumi-acrn made it; use one at least as new (npm install pulumi-acrn@latest).",
  });
}

function missing(document: Document): AcrnError {
  return new AcrnError("document.missing", `there is no ${document.id} to read`, {
    where: { file: document.path },
    hint: 'Say where it comes from: `scenario: { import: "<local file>" }`, or `files: { record: "<path on the host>" }`.',
  });
}
