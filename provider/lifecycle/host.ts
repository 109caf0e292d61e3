import { randomUUID } from "node:crypto";
import { apply } from "../converge/apply";
import type { Draft } from "../converge/draft";
import type { Machine } from "../converge/machine";
import { machineOf } from "../converge/machines";
import { type KindOf, planClaim } from "../converge/plan-resource";
import { same } from "../core/claims/same";
import type { Owner } from "../core/claims/types";
import { machineKey } from "../core/snapshot";
import { isUnreachable } from "../host/ssh";
import { type HostSettings, hostSettingsSchema } from "../resources/host-settings";
import { argsOf, type Bag, hasUnknown, hiddenOf, plain } from "./bag";
import type { Checked } from "./check";
import { claimantFrom } from "./claimant";
import { ownersById, remove } from "./delete";
import { diff } from "./diff";
import { logFor } from "./engine-log";
import { forEngine, issueFailures, versionFailure } from "./failures";
import type { ReadBag } from "./read";
import { storedSettings } from "./subject";

/** What says that a stack is on a machine at all; a Service VM may be both. */
const MACHINES = ["AcrnHost", "Guest"] as const;

/**
 * The way to a machine. Its check starts the read and does not wait for it, so the hosts of a program are read side by
 * side. Its claim on the machine says that this stack is there at all; see `leaving`.
 */
export function machineResource(type: (typeof MACHINES)[number], kinds: KindOf) {
  return {
    check,
    // Without a machine in the state its claim was deferred, and is still to be made.
    diff: async (_id: string, olds: Bag, news: Bag) =>
      olds.machine === undefined ? { changes: true } : diff(olds, news),
    create: async (inputs: Bag) => {
      const id = randomUUID();
      return { id, outs: await claim(type, id, inputs) };
    },
    update: async (id: string, olds: Bag, news: Bag) => ({ outs: await claim(type, id, news, olds) }),
    read,
    delete: (id: string, props: Bag) =>
      remove({ id, props, kinds, machine: () => machineOf(settingsOf(props)), owners: (draft) => leaving(draft, id) }),
  };
}

/**
 * A refresh finds what a check has no time to wait for: a reinstalled host, or a ledger that is gone. Without a machine in
 * the state the next up makes the claim again.
 */
async function read(id: string, props: Bag): Promise<ReadBag> {
  try {
    const draft = await machineOf(settingsOf(props)).draft();
    const here = machineKey(draft.snapshot.identity) === props.machine && Object.hasOwn(draft.ledger.owners, id);
    if (here || props.machine === undefined) return { id, props };
    const { machine: _gone, ...unclaimed } = props;
    return { id, props: unclaimed };
  } catch (error) {
    await logFor("warning", hiddenOf(props).urn, `the state is kept as it was: ${(error as Error).message}`);
    return { id, props };
  }
}

async function check(olds: Bag, news: Bag): Promise<Checked> {
  const skew = versionFailure(hiddenOf(news).version);
  if (skew) return { inputs: news, failures: [skew] };
  if (hasUnknown(news)) return { inputs: news };
  const parsed = hostSettingsSchema.safeParse(argsOf(news, []));
  if (!parsed.success) return { inputs: news, failures: issueFailures(parsed.error, true) };
  const machine = machineOf(parsed.data);
  machine.prefetch();
  const moved = olds.connection !== undefined && !same(olds.connection, news.connection);
  return { inputs: plain({ ...news, machine: moved ? await identityAt(machine, olds) : olds.machine }) };
}

/** Only a changed address is worth waiting for: is it the same machine (an update) or another (a replace)? */
async function identityAt(machine: Machine, olds: Bag): Promise<unknown> {
  try {
    return machineKey((await machine.read()).identity);
  } catch {
    return olds.machine;
  }
}

async function claim(type: string, id: string, inputs: Bag, olds: Bag = {}): Promise<Bag> {
  const { urn } = hiddenOf(inputs);
  try {
    const { snapshot } = await apply(machineOf(settingsOf(inputs)), {
      plan: (draft) => planClaim(draft, claimantFrom(type, inputs, olds), id),
      progress: (phase) => void logFor("info", urn, phase, true),
    });
    return plain({ ...inputs, machine: machineKey(snapshot.identity) });
  } catch (error) {
    if (inputs.onUnreachable !== "defer" || !isUnreachable(error)) throw forEngine(error);
    await logFor("warning", urn, `nothing is written yet, the next up writes: ${(error as Error).message}`);
    return inputs;
  }
}

/** With the stack's last AcrnHost or Guest there goes all that the stack still holds there, the latest claim first. */
function leaving(draft: Draft, id: string): Owner[] {
  const [own] = ownersById(draft, id);
  if (!own) return [];
  const ofStack = Object.values(draft.ledger.owners).filter((o) => o.stack === own.stack);
  const last = ofStack.every((o) => o.id === id || !MACHINES.some((type) => type === o.kind));
  return last ? ofStack.sort((a, b) => b.sequence - a.sequence) : [own];
}

function settingsOf(bag: Bag): HostSettings {
  return storedSettings(argsOf(bag, []));
}
