import { same } from "../core/claims/same";
import { type Bag, hasUnknown, hiddenOf } from "./bag";
import { plannedHere } from "./run";

export interface Diffed {
  changes: boolean;
  replaces?: string[];
  deleteBeforeReplace?: boolean;
}

/**
 * Pure. The plan counts only where a check of this process made it: a refresh calls diff with the old inputs, and an old
 * plan in them is no change. What only tells how the machine is (`pending`, an RtVm's `homes` and `waiting`, what a tuned guest has noted or waits for) never is one.
 */
export function diff(olds: Bag, news: Bag): Diffed {
  if (hasUnknown(news)) return { changes: true };
  if (anotherMachine(olds, news)) return { changes: true, replaces: ["machine"], deleteBeforeReplace: false };
  const lines = plannedHere(hiddenOf(news).urn);
  const planned = lines !== undefined && same(news.plan, lines) && (lines.length > 0 || leftOver(olds));
  return { changes: planned || !same(comparable(olds), comparable(news)) };
}

const NOT_COMPARED = new Set([
  "plan",
  "pending",
  "homes",
  "waiting",
  "notes",
  "trialEntry",
  "machine",
  "__provider",
  "__package",
  "__found",
]);

function comparable(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([k]) => !NOT_COMPARED.has(k)));
}

/** An up clears the plan; one that is left says that it was deferred, which stays true until the next one has run. */
function leftOver({ plan }: Bag): boolean {
  return Array.isArray(plan) && plan.length > 0;
}

/** A changed address alone is an update of the state; only another machine behind it is a replace. */
function anotherMachine(olds: Bag, news: Bag): boolean {
  return typeof olds.machine === "string" && typeof news.machine === "string" && olds.machine !== news.machine;
}
