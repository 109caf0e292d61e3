import type { Draft } from "../../../provider/converge/draft";
import { after } from "../../../provider/converge/final";
import { lookedFor } from "../../../provider/converge/looked-for";
import {
  claimantOf,
  documentsAfter,
  type KindOf,
  type Planned,
  planResource,
  planWithdrawal,
  viewOf,
} from "../../../provider/converge/plan-resource";
import { findOwner } from "../../../provider/core/claims/owners";
import { isRecord, same } from "../../../provider/core/claims/same";
import type { Owner } from "../../../provider/core/claims/types";
import { actsFor } from "../../../provider/core/plan/acts";
import { compact } from "../../../provider/core/plan/render-compact";
import { isEmpty } from "../../../provider/core/plan/types";
import { type Taken, takeAlone } from "../../../provider/resources/alone";
import { kindOf } from "../../../provider/resources/kinds";
import { argumentIssues, faults } from "../declared/faults";
import { inOrder, referredTo, substitute } from "../declared/refs";
import { type Declared, type DeclaredResource, madeByFile, urnOf } from "../declared/types";
import { foldPlans, unique } from "./fold";
import { inFile } from "./in-file";

/** One resource of a file as it was planned; its plan is relative to what those before it leave. */
export interface PlannedResource {
  name: string;
  type: string;
  urn: string;
  planned: Planned;
}

/** A whole file against one machine: one plan, carried out by one transaction, so that it happens whole or not at all. */
export interface StackPlan {
  resources: readonly PlannedResource[];
  /** Claims of this name that the file no longer has: withdrawn after everything else, as an engine would. */
  leaving: readonly Owner[];
  whole: Planned;
  /** Files of their own that its declarations name: a plan on a read that did not ask for them lacks what needs them. */
  files: readonly string[];
  /** Likewise short texts of the running machine. */
  texts: readonly string[];
}

/** @param idOf the id of a claim that is not there yet; asked again with the same URN it says the same */
export function planStack(draft: Draft, declared: Declared, idOf: (urn: string) => string): StackPlan {
  const lists = { resources: [], files: [], texts: [] };
  const work: Work = { draft, declared, idOf, ...lists, handedOver: new Map(), taken: new Map() };
  for (const resource of inOrder(declared)) planOne(work, resource);
  const urns = new Set(declared.resources.map((r) => urnOf(declared.name, r.type, r.name)));
  const leaving = owners(draft, declared.name).filter((o) => madeByFile(declared.name, o.urn) && !urns.has(o.urn));
  const withdrawal = leaving.length > 0 ? [withdrawn(work.draft, leaving, declared.kinds)] : [];
  const parts = [...work.resources.map((r) => r.planned), ...withdrawal];
  const { ledger, documents } = parts.at(-1) ?? draft;
  const whole = { ...joined(parts), ledger, documents };
  return { resources: work.resources, leaving, whole, files: work.files, texts: work.texts };
}

interface Work {
  declared: Declared;
  idOf(urn: string): string;
  /** The machine as the resources so far leave it. */
  draft: Draft;
  resources: PlannedResource[];
  /** By name: what a reference stands for. A resource that was refused hands over nothing. */
  handedOver: Map<string, unknown>;
  files: string[];
  texts: string[];
  taken: Taken;
}

function planOne(work: Work, resource: DeclaredResource): void {
  // What it needs was refused (that is told once, at its cause), or is still to be read.
  if (referredTo(resource).some((name) => !work.handedOver.has(name))) return;
  const { type, name } = resource;
  const kind = work.declared.kinds(type);
  if (!kind) throw new Error(`${type} was accepted and is not known`);
  const urn = urnOf(work.declared.name, type, name);
  const who = { stack: work.declared.name, kind: type, urns: [urn] };
  const args = argumentsOf(work, resource);
  const { snapshot, settings } = work.draft;
  const files = inFile(work.declared, resource, () => kind.files?.(args) ?? []);
  work.files.push(...files);
  work.texts.push(...(kind.texts?.(args) ?? []));
  inFile(work.declared, resource, () => takeAlone(work.taken, name, kind.alone?.(args) ?? []));
  if (!files.every((path) => lookedFor(snapshot, path, settings.scripts))) return;
  const id = findOwner(work.draft.ledger, who)?.id ?? work.idOf(urn);
  const planned = inFile(work.declared, resource, () => planResource(work.draft, kind, who, args, id));
  work.resources.push({ name, type, urn, planned });
  if (planned.refusals.length > 0) return;
  work.handedOver.set(name, { ...(isRecord(args) ? args : {}), ...planned.outputs, pending: planned.pending });
  work.draft = after(work.draft, planned);
}

function argumentsOf({ declared, handedOver }: Work, { type, args, index }: DeclaredResource): unknown {
  const parsed = declared.kinds(type)?.schema.safeParse(substitute(args, handedOver));
  if (parsed?.success) return parsed.data;
  throw faults(declared.source, parsed ? argumentIssues(parsed.error, ["resources", index, "args"]) : []);
}

/** Claims of a stack, the latest first: what came last goes first. */
export function owners(draft: Draft, stack: string): Owner[] {
  return Object.values(draft.ledger.owners)
    .filter((owner) => owner.stack === stack)
    .sort((a, b) => b.sequence - a.sequence);
}

/** @param draft one that follows no new origin, see draftOf: to give back is no occasion for that */
export function planRelease(draft: Draft, leaving: readonly Owner[]): StackPlan {
  const known = leaving.filter((owner) => Object.hasOwn(draft.ledger.owners, owner.id));
  const planned = withdrawn(draft, known, kindOf);
  return {
    resources: [],
    leaving: known,
    whole: { ...joined([planned]), ledger: planned.ledger, documents: planned.documents },
    files: [],
    texts: [],
  };
}

/** With what it leaves to be done until the machine runs what the files say again. */
function withdrawn(draft: Draft, leaving: readonly Owner[], kinds: KindOf): Planned {
  const planned = planWithdrawal(draft, leaving, kinds);
  const after = documentsAfter(draft.documents, planned.plan);
  const edited = new Set(planned.plan.edits.map((edit) => edit.field));
  const pending = leaving.flatMap((owner) => {
    const view = viewOf(draft, claimantOf(owner));
    const fields = [...view.former.keys()].filter((field) => edited.has(field));
    return fields.length > 0 ? (kinds(owner.kind)?.pending(view, after, fields) ?? []) : [];
  });
  const acts = actsFor(pending.map(({ field, needs }) => ({ field, acts: needs })));
  return { ...planned, plan: { ...planned.plan, acts }, pending };
}

function joined(parts: readonly Planned[]): Omit<Planned, "ledger" | "documents"> {
  const plan = foldPlans(parts.map((part) => part.plan));
  return {
    plan,
    lines: compact(plan),
    outputs: {},
    pending: unique(parts.flatMap((part) => part.pending)),
    warnings: [...new Set(parts.flatMap((part) => part.warnings))],
    refusals: unique(parts.flatMap((part) => part.refusals)),
    reasons: parts.flatMap((part) => part.reasons),
  };
}

/** Whether carrying it out would write anything at all: a file, or the ledger alone. */
export function changes({ whole }: StackPlan, draft: Draft): boolean {
  return !isEmpty(whole.plan) || !same(whole.ledger, draft.recorded);
}

/** How many changes a person is asked about. A ledger that alone is written is one. */
export function count({ whole: { plan } }: StackPlan): string {
  const n = Math.max(plan.edits.length + plan.claims.length, 1);
  return `${n} change${n === 1 ? "" : "s"}`;
}
