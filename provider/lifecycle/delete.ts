import { apply } from "../converge/apply";
import type { Said } from "../converge/around";
import { clearUp, mayGo } from "../converge/arounds";
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
import { declaredFor } from "./run";

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
    let said: Said[] = [];
    const { planned } = await apply(machine, {
      plan: (draft) => {
        const owners = leaving.owners(draft);
        for (const { kind } of owners) gone.add(kind);
        const plan = planWithdrawal(draft, owners, leaving.kinds);
        // asked again over what is withdrawn by now, when there is nobody left
        if (owners.length > 0) said = mayGo(draft, owners, plan.ledger, declaredFor(found ?? ""));
        return plan;
      },
      machine: props.machine as string | undefined,
      following: false,
      progress: (phase) => void logFor("info", urn, phase, true),
    });
    await tell(urn, planned);
    for (const { text, how } of said) await logFor(how, urn, text);
    await clearUp(machine, gone, planned.ledger, sayTo(urn));
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

async function tell(urn: string, { plan, warnings }: Planned): Promise<void> {
  for (const warning of warnings) await logFor("warning", urn, warning);
  for (const left of plan.left) await logFor("warning", urn, `${left.field} is left at ${left.shown}: ${left.why}`);
  if (isEmpty(plan)) return;
  const given = plan.edits.map((e) => `${e.field}: ${e.shown.before} => ${e.shown.after}`);
  const pending =
    given.length > 0 ? "\nGiven back in the files; what image and boot decide follows with the next ones." : "";
  await logFor("info", urn, `${[...given, renderText(plan)].join("\n").trimEnd()}${pending}`);
}
