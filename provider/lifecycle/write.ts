import { randomUUID } from "node:crypto";
import { type Applied, agreedOn, apply, rightMachine } from "../converge/apply";
import type { Around } from "../converge/around";
import { aroundOf } from "../converge/arounds";
import { planResource, refuse } from "../converge/plan-resource";
import { grouped } from "../core/plan/pending-groups";
import { machineKey } from "../core/snapshot";
import { isUnreachable } from "../host/ssh";
import { pathsOf, type ResourceKind } from "../resources/kind";
import { type Bag, plain, UNKNOWN, UNREACHABLE } from "./bag";
import { logFor, sayTo } from "./engine-log";
import { forEngine } from "./failures";
import { warnedHere } from "./run";
import { knownSubject, type Subject } from "./subject";

/** A create at a URN that the machine already knows only gives its claim a new id: see core/claims/types.ts, Owner. */
export async function create<A>(kind: ResourceKind<A>, inputs: Bag): Promise<{ id: string; outs: Bag }> {
  const id = randomUUID();
  return { id, outs: await write(kind, id, inputs) };
}

export async function update<A>(kind: ResourceKind<A>, id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }> {
  return { outs: await write(kind, id, news, olds) };
}

async function write<A>(kind: ResourceKind<A>, id: string, inputs: Bag, olds: Bag = {}): Promise<Bag> {
  try {
    const subject = knownSubject(kind, inputs, olds);
    const found = aroundOf(kind.type) && { found: inputs.__found };
    return await written({ ...subject, args: { ...subject.args, ...found } }, id, inputs);
  } catch (error) {
    throw forEngine(error);
  }
}

async function written<A>(subject: Subject<A>, id: string, inputs: Bag): Promise<Bag> {
  // What could not be shown is not written, although the machine may answer by now.
  if (subject.settings.onUnreachable === "defer" && unseen(inputs)) return deferred(subject, inputs);
  try {
    const around = aroundOf<A>(subject.kind.type);
    if (around) await prepared(subject, id, inputs, around);
    const applied = await applySubject(subject, id, inputs);
    const fresh = applied.planned.warnings.filter((warning) => !warnedHere(subject.urn, warning));
    for (const warning of fresh) await logFor("warning", subject.urn, warning);
    return outputsOf(inputs, applied);
  } catch (error) {
    if (subject.settings.onUnreachable === "defer" && isUnreachable(error)) return deferred(subject, inputs);
    throw error;
  }
}

/** On what the machine has now: what was agreed may have been done by somebody else since, and the write itself asks again. */
async function prepared<A>(subject: Subject<A>, id: string, inputs: Bag, around: Around<A>): Promise<void> {
  const { kind, who, args, machine, urn } = subject;
  machine.forget();
  const draft = await machine.draft(pathsOf(kind, args), kind.texts?.(args));
  rightMachine(draft.snapshot, meantMachine(inputs));
  const planned = planResource(draft, kind, who, args, id);
  refuse(planned.refusals);
  agreedOn(planned, agreedLines(inputs));
  await around.before(machine, args, planned, sayTo(urn));
}

function applySubject<A>({ kind, who, args, machine, urn }: Subject<A>, id: string, inputs: Bag): Promise<Applied> {
  return apply(machine, {
    plan: (draft) => planResource(draft, kind, who, args, id),
    agreed: agreedLines(inputs),
    machine: meantMachine(inputs),
    progress: (phase) => void logFor("info", urn, phase, true),
  });
}

function meantMachine({ machine }: Bag): string | undefined {
  return machine === UNKNOWN ? undefined : (machine as string | undefined);
}

function unseen({ plan }: Bag): boolean {
  return Array.isArray(plan) && plan.length === 1 && typeof plan[0] === "string" && plan[0].startsWith(UNREACHABLE);
}

/** A check that could not reach the host agreed to nothing; what it did not show may not be written now. */
function agreedLines(inputs: Bag): string[] | undefined {
  return Array.isArray(inputs.plan) ? inputs.plan.filter((line) => typeof line === "string") : undefined;
}

function outputsOf(inputs: Bag, { planned, snapshot }: Applied): Bag {
  const { outputs, pending } = planned;
  return plain({ ...inputs, ...outputs, pending: grouped(pending), plan: [], machine: machineKey(snapshot.identity) });
}

/** `onUnreachable: "defer"`: nothing is written, and the state says so until an up reaches the machine. */
async function deferred<A>({ urn, machine }: Subject<A>, inputs: Bag): Promise<Bag> {
  const evidence = `${machine.address} could not be reached: nothing is written yet, the next up writes`;
  await logFor("warning", urn, evidence);
  const pending = grouped([{ field: "all", state: "pending", evidence, needs: [] } as { field: string }]);
  return plain({ ...inputs, plan: ["deferred"], pending });
}
