import { fileId } from "../core/acrn/file-document";
import { baseView } from "../core/claims/base-view";
import { type Claimant, findOwner, withoutOwner } from "../core/claims/owners";
import { type Resolution, resolve } from "../core/claims/resolve";
import type { Document, Documents, Ledger, Owner, Wish } from "../core/claims/types";
import { AcrnError } from "../core/errors";
import { actsFor } from "../core/plan/acts";
import { compact } from "../core/plan/render-compact";
import { emptyPlan, type Plan, type Refusal } from "../core/plan/types";
import type { Snapshot } from "../core/snapshot";
import { visible } from "../core/text/visible";
import type { Pending, ResourceKind, View } from "../resources/kind";
import { comparedWith, described } from "./described";
import { type Draft, withDocuments } from "./draft";
import { withOwed } from "./owed";
import { unwritable, withStrategies } from "./strategies";

/** One resource against one draft. */
export interface Planned {
  plan: Plan;
  /** The plan for the engine and for the comparison between review and apply. */
  lines: string[];
  ledger: Ledger;
  /** The files as the plan leaves them. */
  documents: Documents;
  outputs: Record<string, unknown>;
  pending: Pending[];
  warnings: string[];
  refusals: Refusal[];
  reasons: string[];
}

export function planResource<A>(given: Draft, kind: ResourceKind<A>, who: Claimant, args: A, id?: string): Planned {
  const draft = withDocuments(given, documentsFor(kind, given.snapshot, args));
  const view = viewOf(draft, who, kind.onePerMachine);
  const declared = kind.declare(view, args);
  const claimId = id ?? findOwner(draft.ledger, who)?.id ?? "new";
  const blocked = declared.refusals.length > 0;
  const resolution = resolve(draft.documents, draft.ledger, {
    who,
    wishes: blocked ? [] : declared.wishes,
    id: claimId,
  });
  const shown = { ...resolution.plan, files: resolution.plan.files.map(comparedWith(draft, declared)) };
  const plan = withOwed(draft, withStrategies(draft, described(withFollowed(draft, shown), [kind])));
  const fields = blocked ? [] : declared.wishes.map((w) => w.field);
  const documents = documentsAfter(draft.documents, plan);
  const pending = pendingOf(kind, view, documents, fields);
  return {
    ...declared,
    refusals: [...declared.refusals, ...givenBackRules(draft, kind, resolution, claimId), ...unwritable(draft, plan)],
    plan: { ...plan, acts: actsFor(pending.map((p) => ({ field: p.field, acts: p.needs }))) },
    lines: compact(plan),
    ledger: resolution.ledger,
    documents,
    pending,
  };
}

function documentsFor<A>(kind: ResourceKind<A>, snapshot: Snapshot, args: A): string[] {
  return [...(kind.files?.(args) ?? []).map(fileId), ...(kind.documents?.(snapshot, args) ?? [])];
}

/** What does not run yet, for people: the engine prints it as it is, and a host has chosen some of the words. */
export function pendingOf<A>(kind: ResourceKind<A>, view: View, documents: Documents, fields: string[]): Pending[] {
  return kind.pending(view, documents, fields).map((item) => {
    const { field, written, built, running, evidence } = item;
    const [f, w, b, r, e] = [field, written, built, running, evidence].map(visible) as [
      string,
      string,
      string,
      string,
      string,
    ];
    return { ...item, field: f, written: w, built: b, running: r, evidence: e };
  });
}

/** What a resource no longer names goes back as in a withdrawal, so the claims of others have the same say in it. */
function givenBackRules<A>(draft: Draft, kind: ResourceKind<A>, { plan, ledger }: Resolution, self: string): Refusal[] {
  if (!plan.edits.some((edit) => edit.why === "given back")) return [];
  const after = documentsAfter(draft.documents, plan);
  return kind.mayLeave?.(draft.documents, after, wishesIn(withoutOwner(ledger, self))) ?? [];
}

/** A claim without fields: that a stack is on this machine at all. */
export function planClaim(draft: Draft, who: Claimant, id: string): Planned {
  const { plan, ledger } = resolve(draft.live, draft.recorded, { who, wishes: [], id });
  return {
    plan,
    lines: [],
    ledger,
    documents: draft.live,
    outputs: {},
    pending: [],
    warnings: [],
    refusals: [],
    reasons: [],
  };
}

/**
 * What is given back when these owners go, in this order. Rules are asked once, over the end: a withdrawal in the middle
 * of a release need not hold on its own.
 */
export function planWithdrawal(draft: Draft, owners: readonly Owner[], kinds: KindOf): Planned {
  let { documents, ledger } = draft;
  const plan = emptyPlan();
  for (const owner of owners) {
    const one = resolve(documents, ledger, { who: claimantOf(owner), wishes: undefined, id: owner.id });
    ledger = one.ledger;
    documents = documentsAfter(documents, one.plan);
    merge(plan, one.plan);
  }
  const leaving = owners.map(({ kind }) => kinds(kind));
  const whole = withOwed(draft, described(withFollowed(draft, plan), leaving));
  const remaining = wishesIn(ledger);
  const refusals = leaving.flatMap((kind) => kind?.mayLeave?.(draft.documents, documents, remaining) ?? []);
  const warnings = leaving.flatMap((kind) => kind?.leaves?.(documents, draft.topology, remaining) ?? []);
  const empty = { outputs: {}, pending: [], warnings, reasons: [] };
  return {
    ...empty,
    plan: whole,
    lines: compact(whole),
    ledger,
    documents,
    refusals: [...refusals, ...unwritable(draft, whole)],
  };
}

export type KindOf = (type: string) => ResourceKind | undefined;

export function claimantOf({ stack, kind, urn }: Owner): Claimant {
  return { stack, kind, urns: [urn] };
}

function merge(into: Plan, plan: Plan): void {
  into.edits.push(...plan.edits);
  into.claims.push(...plan.claims);
  into.left.push(...plan.left);
  into.notes.push(...plan.notes);
  for (const file of plan.files) {
    const known = into.files.find((f) => f.path === file.path);
    if (known) known.after = file.after;
    else into.files.push(file);
  }
}

export function viewOf(draft: Draft, who: Claimant, alone = false): View {
  const base = baseView(draft.documents, draft.ledger, who, alone);
  const { snapshot, topology, evidence, settings } = draft;
  return { ...base, snapshot, topology, evidence, ...(settings.guest ? { guest: settings.guest } : {}) };
}

/** What a plan would leave on the machine. */
export function documentsAfter(documents: Documents, plan: Plan): Documents {
  const out = new Map<string, Document>(documents);
  for (const [id, document] of documents) {
    const file = plan.files.find((f) => f.path === document.path);
    if (!file) continue;
    const { live: _live, ...rest } = document;
    out.set(id, { ...rest, live: file.after });
  }
  return out;
}

/** A followed origin is part of whichever plan writes first; the diff then runs from what the machine really has. */
function withFollowed(draft: Draft, plan: Plan): Plan {
  if (draft.notes.length === 0) return plan;
  const files = [...draft.live.values()].flatMap((document) => {
    const followed = draft.documents.get(document.id);
    const planned = plan.files.find((f) => f.path === document.path);
    const after = planned ? planned.after : followed?.live;
    return after === document.live ? [] : [{ ...planned, path: document.path, before: document.live, after }];
  });
  return { ...plan, files, notes: [...draft.notes, ...plan.notes] };
}

function wishesIn(ledger: Ledger): Wish[] {
  return Object.entries(ledger.fields).flatMap(([field, record]) =>
    Object.values(record.claims).map((value) => ({ field, value })),
  );
}

/** The first refusal as an error, for those that cannot hand back a list. */
export function refuse(refusals: readonly Refusal[]): void {
  const [first, ...more] = refusals;
  if (!first) return;
  const rest = more.map((r) => `\nalso ${r.tip}: ${r.message}`).join("");
  throw new AcrnError(first.code, `${first.tip}: ${first.message}`, {
    property: first.property,
    hint: `${first.hint}${rest}`,
  });
}
