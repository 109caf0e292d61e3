import { aroundOf } from "../converge/arounds";
import type { Draft } from "../converge/draft";
import { finalDraft } from "../converge/final";
import { type Planned, planResource } from "../converge/plan-resource";
import { grouped } from "../core/plan/pending-groups";
import { renderText } from "../core/plan/render-text";
import { isEmpty } from "../core/plan/types";
import { machineKey } from "../core/snapshot";
import { isUnreachable } from "../host/ssh";
import { pathsOf, type ResourceKind } from "../resources/kind";
import { type Bag, hasUnknown, hiddenOf, plain, UNKNOWN, UNREACHABLE } from "./bag";
import { logFor } from "./engine-log";
import { type Failure, failureOf, refusalFailure, versionFailure } from "./failures";
import { declareAlone, declaredFor, declareOnce, rememberDeclared, rememberPlan, rememberWarnings } from "./run";
import { type Subject, subjectOf } from "./subject";

export interface Checked {
  inputs: Bag;
  failures?: Failure[];
}

/** Arguments -> arguments, with everything that is known before apply, and the plan. Reads; never writes. */
export async function check<A>(kind: ResourceKind<A>, olds: Bag, news: Bag): Promise<Checked> {
  const skew = versionFailure(hiddenOf(news).version);
  if (skew) return { inputs: news, failures: [skew] };
  if (hasUnknown(news)) return { inputs: plain({ ...news, ...unknownOutputs(kind) }) };
  const subject = subjectOf(kind, news, olds);
  if ("failures" in subject) return { inputs: news, failures: subject.failures };
  try {
    return await planned(subject, news);
  } catch (error) {
    if (isUnreachable(error)) return unreachable(subject, olds, news, error as Error);
    return { inputs: news, failures: [failureOf(error)] };
  }
}

async function planned<A>(subject: Subject<A>, news: Bag): Promise<Checked> {
  const { kind, urn, machine, who } = subject;
  const read = await machine.draft(pathsOf(kind, subject.args), kind.texts?.(subject.args));
  const identity = machineKey(read.snapshot.identity) as string;
  if (kind.onePerMachine) declareOnce(identity, kind.type, urn);
  declareAlone(identity, urn, kind.alone?.(subject.args) ?? []);
  const draft = kind.last ? asOthersLeave(read, identity, urn) : read;
  const around = aroundOf<A>(kind.type);
  const found = around && { found: await around.look(machine, draft, subject.args) };
  const args = { ...subject.args, ...found };
  const result = planResource(draft, kind, who, args);
  const warnings = [...draft.snapshot.warnings, ...result.warnings];
  rememberWarnings(urn, warnings);
  for (const warning of warnings) await logFor("warning", urn, warning);
  if (result.refusals.length > 0) return { inputs: news, failures: result.refusals.map(refusalFailure) };
  await show(urn, result);
  const lines = [...result.lines, ...(around?.todo(args) ?? [])];
  rememberPlan(urn, lines);
  rememberDeclared(identity, { urn, kind: kind as ResourceKind<never>, who, args });
  const { outputs, pending } = result;
  const hidden = found && { __found: found.found };
  return {
    inputs: plain({ ...news, ...outputs, ...hidden, plan: lines, pending: grouped(pending), machine: identity }),
  };
}

/** In an update the others have been written by now, and declaring them again changes nothing. */
function asOthersLeave(draft: Draft, machine: string, self: string): Draft {
  return finalDraft(
    draft,
    declaredFor(machine).filter(({ urn }) => urn !== self),
  );
}

async function show(urn: string, { plan, reasons }: Planned): Promise<void> {
  if (isEmpty(plan)) return;
  await logFor("info", urn, [...reasons, renderText(plan)].join("\n"));
}

/**
 * The host is down: what is known stays, and only this machine's create or update fails. What is not known is left out:
 * a preview takes that for unknown, and an up would end for all machines at an unknown value ("unexpected unknown property value").
 */
async function unreachable<A>(
  { kind, urn, settings, machine }: Subject<A>,
  olds: Bag,
  news: Bag,
  error: Error,
): Promise<Checked> {
  const defers = settings.onUnreachable === "defer";
  const then = defers ? "it will be written by a later up" : "its create or update will fail";
  await logFor("warning", urn, `${machine.address} cannot be reached, so there is no plan; ${then}: ${error.message}`);
  const line = `${UNREACHABLE} ${machine.address}`;
  rememberPlan(urn, [line]);
  const known = Object.fromEntries([...kind.outputs, "pending", "machine"].map((name) => [name, olds[name]]));
  return { inputs: plain({ ...news, ...known, plan: [line] }) };
}

function unknownOutputs<A>(kind: ResourceKind<A>): Bag {
  return Object.fromEntries([...kind.outputs, "plan", "pending", "machine"].map((name) => [name, UNKNOWN]));
}
