import { randomUUID } from "node:crypto";
import { type Activation, planActivation } from "../converge/activate/plan";
import { leftToRun, runActivation } from "../converge/activate/run";
import { finalDraft } from "../converge/final";
import { planGuestActivation } from "../converge/guest-activate/plan";
import { runGuestActivation } from "../converge/guest-activate/run";
import { settle } from "../converge/image/settle";
import type { Machine } from "../converge/machine";
import { machineOf } from "../converge/machines";
import type { KindOf } from "../converge/plan-resource";
import { AcrnError } from "../core/errors";
import { machineKey } from "../core/snapshot";
import { isUnreachable } from "../host/ssh";
import { type ActivationArgs, activationSchema } from "../resources/activation";
import { hostSettingsSchema } from "../resources/host-settings";
import { argsOf, type Bag, hasUnknown, hiddenOf, plain, UNKNOWN, UNREACHABLE } from "./bag";
import type { Checked } from "./check";
import { diff } from "./diff";
import { logFor, sayTo } from "./engine-log";
import { type Failure, failureOf, forEngine, issueFailures, versionFailure } from "./failures";
import { declaredFor, declareOnce, rememberPlan } from "./run";

/**
 * Makes what is written run, once, in the order that the machine's physics demand (reference 7b). It claims nothing: its plan is the acts that are
 * pending on the machine as the whole run leaves it and that `allow` names; a drop or a delete of it does nothing.
 */
export function activationResource(kinds: KindOf) {
  return {
    check: (_olds: Bag, news: Bag) => check(news, kinds),
    diff: async (_id: string, olds: Bag, news: Bag) => diff(olds, news),
    create: async (inputs: Bag) => ({ id: randomUUID(), outs: await activate(inputs, kinds) }),
    update: async (_id: string, _olds: Bag, news: Bag) => ({ outs: await activate(news, kinds) }),
    read: async (id: string, props: Bag) => ({ id, props }),
    delete: async () => {},
  };
}

interface Subject {
  machine: Machine;
  args: ActivationArgs;
  urn: string;
}

function subjectOf(bag: Bag): Subject | { failures: Failure[] } {
  const settings = hostSettingsSchema.safeParse(bag.host);
  if (!settings.success) return { failures: issueFailures(settings.error, true) };
  const { after: _order, ...own } = argsOf(bag, []);
  const args = activationSchema.safeParse(own);
  // how a guest is reached may hold a password
  if (!args.success) return { failures: issueFailures(args.error, true) };
  return { machine: machineOf(settings.data), args: args.data, urn: hiddenOf(bag).urn };
}

async function check(news: Bag, kinds: KindOf): Promise<Checked> {
  const skew = versionFailure(hiddenOf(news).version);
  if (skew) return { inputs: news, failures: [skew] };
  if (hasUnknown(news)) return { inputs: { ...news, plan: UNKNOWN, machine: UNKNOWN } };
  const subject = subjectOf(news);
  if ("failures" in subject) return { inputs: news, failures: subject.failures };
  try {
    return await planned(subject, news, kinds);
  } catch (error) {
    if (!isUnreachable(error)) return { inputs: news, failures: [failureOf(error)] };
    const line = `${UNREACHABLE} ${subject.machine.address}`;
    rememberPlan(subject.urn, [line]);
    return { inputs: plain({ ...news, plan: [line] }) };
  }
}

async function planned({ machine, args, urn }: Subject, news: Bag, kinds: KindOf): Promise<Checked> {
  const draft = await machine.draft();
  const identity = machineKey(draft.snapshot.identity) as string;
  declareOnce(identity, "Activation", urn);
  const final = finalDraft(draft, declaredFor(identity));
  const plan = (machine.settings.guest ? planGuestActivation : planActivation)(final, args, kinds);
  await tell(urn, plan);
  rememberPlan(urn, plan.lines);
  return { inputs: plain({ ...news, plan: plan.lines, machine: identity }) };
}

type Told = Pick<Activation, "lines" | "obstacles" | "pending" | "forbidden" | "byHand">;

/** What is not running and not allowed, and what stands in the way, is said in every preview and up. */
async function tell(urn: string, plan: Told): Promise<void> {
  const { lines, obstacles } = plan;
  if (lines.length > 0) await logFor("info", urn, lines.map((line, at) => `${at + 1}. ${line}`).join("\n"));
  for (const obstacle of obstacles) await logFor("warning", urn, `stands in the way: ${obstacle}`);
  const allow = (names: readonly string[]) =>
    `allow: [${names.map((name) => JSON.stringify(name)).join(", ")}] does what can be done from here`;
  for (const line of leftToRun(plan, allow)) await logFor("warning", urn, line);
}

async function activate(inputs: Bag, kinds: KindOf): Promise<Bag> {
  try {
    const subject = subjectOf(inputs);
    if ("failures" in subject)
      throw new AcrnError("state.strange", subject.failures.map(({ reason }) => reason).join("; "), {
        hint: "Run the preview again.",
      });
    await done(subject, inputs, kinds);
    return plain({ ...inputs, plan: [] });
  } catch (error) {
    throw forEngine(error);
  }
}

async function done({ machine, args, urn }: Subject, inputs: Bag, kinds: KindOf): Promise<void> {
  const { plan } = inputs;
  const agreed = Array.isArray(plan) ? plan.filter((line): line is string => typeof line === "string") : [];
  if (agreed.length === 0) return;
  const expected = inputs.machine === UNKNOWN ? undefined : (inputs.machine as string | undefined);
  const progress = (what: string) => void logFor("info", urn, what, true);
  const declared = expected === undefined ? [] : declaredFor(expected);
  const follow = (image: string) => settle(machine, image, declared, sayTo(urn));
  const run = { agreed, expected, kinds, progress, settle: follow };
  const did = await (machine.settings.guest ? runGuestActivation : runActivation)(machine, args, run);
  for (const line of did) await logFor("info", urn, line);
}
