import { machineOf } from "../converge/machines";
import { pendingOf, viewOf } from "../converge/plan-resource";
import { grouped } from "../core/plan/pending-groups";
import { machineKey } from "../core/snapshot";
import type { ResourceKind } from "../resources/kind";
import { type Bag, hiddenOf, plain } from "./bag";
import { claimantFrom } from "./claimant";
import { logFor } from "./engine-log";
import { storedSettings } from "./subject";

export interface ReadBag {
  id: string;
  props: Bag;
  inputs?: Bag;
}

/**
 * The machine as it is, for a refresh. Also the inputs, all of them and with an empty plan: the next preview then shows
 * live value => desired value. A machine that cannot be read, or that is another one, leaves the state as it was.
 */
export async function read<A>(kind: ResourceKind<A>, id: string, props: Bag): Promise<ReadBag> {
  let warning: string;
  try {
    const live = await observe(kind, props);
    if (typeof live !== "string") return { id, props: live, inputs: live };
    warning = live;
  } catch (error) {
    warning = (error as Error).message;
  }
  await logFor("warning", hiddenOf(props).urn, `the state is kept as it was: ${warning}`);
  return { id, props };
}

async function observe<A>(kind: ResourceKind<A>, props: Bag): Promise<Bag | string> {
  // not by the arguments: an earlier refresh put there what the machine has, which need not be what a program may say
  const machine = machineOf(storedSettings(props.host));
  const who = claimantFrom(kind.type, props, {});
  const draft = await machine.draft();
  const identity = machineKey(draft.snapshot.identity);
  if (props.machine !== undefined && identity !== props.machine)
    return `another machine answers at ${machine.address} (${identity}, was ${props.machine})`;
  const view = viewOf(draft, who);
  const observed = kind.observe(draft.documents, props);
  return plain({
    ...props,
    ...observed,
    pending: grouped(pendingOf(kind, view, draft.documents, [...view.former.keys()])),
    plan: [],
  });
}
