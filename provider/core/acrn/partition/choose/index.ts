import { type Ground, managed, scriptPcpus } from "../ground";
import type { Placement, Refusal } from "../types";
import type { AutoWish } from "../wishes";
import { byText } from "../words";
import { doesNotFit, notKnown, whyChosen } from "./explain";
import { placementOf, search, start } from "./search";
import type { State } from "./state";

export interface Choice {
  /** Explicit and automatic, by name. */
  placement: Map<string, readonly number[]>;
  /** For each automatic choice why. */
  why: Map<string, string>;
  refusals: Refusal[];
}

/** Places the automatic wishes beside the explicit ones: all of them if that can be, else as many as fit, by name. */
export function choose(ground: Ground, explicit: Placement, wishes: readonly AutoWish[]): Choice {
  const { coresKnown, cachesKnown } = ground.topology;
  if (!coresKnown || !cachesKnown)
    return { placement: new Map(explicit), why: new Map(), refusals: wishes.map((wish) => notKnown(ground, wish)) };
  if (wishes.length === 0) return answer(start(ground, explicit, new Map()), [], []);
  const must = scriptsOf(ground, wishes);
  // A script that binds a VM to a place it cannot have: choose without, and let the rule about scripts say what to mend.
  const state =
    search(ground, explicit, wishes, must) ?? (must.size > 0 ? search(ground, explicit, wishes, new Map()) : undefined);
  return state ? answer(state, wishes, []) : partly(ground, explicit, wishes);
}

function partly(ground: Ground, explicit: Placement, wishes: readonly AutoWish[]): Choice {
  let state = start(ground, explicit, new Map());
  const fitting: AutoWish[] = [];
  const refusals: Refusal[] = [];
  for (const wish of [...wishes].sort((a, b) => byText(a.vm, b.vm))) {
    const next = search(ground, explicit, [...fitting, wish], new Map());
    if (!next) refusals.push(doesNotFit(state, wish));
    else {
      state = next;
      fitting.push(wish);
    }
  }
  return answer(state, fitting, refusals);
}

function answer(state: State, wishes: readonly AutoWish[], refusals: Refusal[]): Choice {
  const why = new Map(wishes.map((wish) => [wish.vm, whyChosen(state, wish)]));
  return { placement: placementOf(state), why, refusals };
}

/** pCPUs that each VM's own launch scripts list literally. */
function scriptsOf({ input }: Ground, wishes: readonly AutoWish[]): Map<string, number[]> {
  const must = new Map<string, number[]>();
  for (const { vm } of wishes) {
    const lists = (input.scripts ?? []).filter((script) => script.vm === vm && !managed(input, vm));
    const ids = lists.flatMap((script) => scriptPcpus(input, script) ?? []);
    if (ids.length > 0) must.set(vm, [...new Set(ids)]);
  }
  return must;
}
