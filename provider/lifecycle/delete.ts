import { apply } from "../converge/apply";
import { aroundOf } from "../converge/arounds";
import type { Draft } from "../converge/draft";
import type { Machine } from "../converge/machine";
import { type KindOf, type Planned, planWithdrawal } from "../converge/plan-resource";
import type { Owner } from "../core/claims/types";
import { renderText } from "../core/plan/render-text";
import { isEmpty } from "../core/plan/types";
import { machineKey } from "../core/snapshot";
import { isUnreachable } from "../host/ssh";
import { type Bag, hiddenOf } from "./bag";
import { logFor, sayTo } from "./engine-log";
import { forEngine } from "./failures";

export interface Leaving {
  id: string;
  props: Bag;
  /** Throws where the state does not tell. */
  machine(): Machine;
  kinds: KindOf;
  /** The resource's own type: what clears up behind it is done again where an earlier delete did not come to its end. */
  type?: string;
  /** Which owners go with this one; the resource itself, if the machine still knows it. */
  owners(draft: Draft): Owner[];
}

/** Withdraws a claim by its id. An id that the machine does not know (a lost twin, a moved claim) is nothing to do. */
export async function remove(leaving: Leaving): Promise<void> {
  const { props } = leaving;
  const urn = hiddenOf(props).urn;
  let machine: Machine | undefined;
  try {
    machine = leaving.machine();
    const snapshot = await machine.read();
    const found = machineKey(snapshot.identity);
    if (props.machine !== undefined && found !== props.machine) {
      await logFor(
        "warning",
        urn,
        `another machine answers at ${machine.address} now (${found}): nothing is changed on it`,
      );
      return;
    }
    const gone = new Set<string>(leaving.type === undefined ? [] : [leaving.type]);
    const { planned } = await apply(machine, {
      plan: (draft) => {
        const owners = leaving.owners(draft);
        for (const { kind } of owners) gone.add(kind);
        return planWithdrawal(draft, owners, leaving.kinds);
      },
      machine: props.machine as string | undefined,
      following: false,
      progress: (phase) => void logFor("info", urn, phase, true),
    });
    await tell(urn, planned);
    // another stack may have one too
    const left = new Set(Object.values(planned.ledger.owners).map(({ kind }) => kind));
    for (const type of gone) if (!left.has(type)) await aroundOf(type)?.after(machine, sayTo(urn));
  } catch (error) {
    // Deferred from the first day on: nothing of this resource ever reached a machine.
    if (props.machine !== undefined || !isUnreachable(error)) throw forEngine(error);
    await logFor("warning", urn, `nothing was ever written to ${machine?.address}, so there is nothing to give back`);
  }
}

export function ownersById(draft: Draft, id: string): Owner[] {
  const { owners } = draft.ledger;
  return Object.hasOwn(owners, id) ? [owners[id] as Owner] : [];
}

async function tell(urn: string, { plan }: Planned): Promise<void> {
  for (const left of plan.left) await logFor("warning", urn, `${left.field} is left at ${left.shown}: ${left.why}`);
  if (isEmpty(plan)) return;
  const given = plan.edits.map((e) => `${e.field}: ${e.shown.before} => ${e.shown.after}`);
  const pending = given.length > 0 ? "\nGiven back in the files; what runs follows with the next image and boot." : "";
  await logFor("info", urn, `${[...given, renderText(plan)].join("\n").trimEnd()}${pending}`);
}
