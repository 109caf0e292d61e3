import { visible } from "../text/visible";
import type { Plan } from "./types";

/**
 * The plan as one line an item: what the engine stores, shows under `plan` and compares between review and apply. So it
 * is deterministic (no ids, no clock), free of secrets, and says nothing about other resources' fields. The engine prints it as it is, so
 * what a host says stands there made visible.
 */
export function compact(plan: Plan): string[] {
  const edits = plan.edits.map(
    (e) => `${e.field}: ${e.shown.before} => ${e.shown.after}${e.why === "given back" ? " (given back)" : ""}`,
  );
  const claims = plan.claims.map((c) => `${c.field}: ${c.what} ${c.shown}`);
  return [...edits, ...claims, ...plan.left.map((l) => `${l.field}: left at ${l.shown}`), ...plan.notes].map(visible);
}
