import { compact } from "../core/plan/render-compact";
import { emptyPlan, type FieldEdit, type LeftField } from "../core/plan/types";
import type { Planned } from "./plan-resource";
import { isRunning } from "./running";

/** What became of the running values of a plan. */
export interface RunningSet {
  /** As they were really set. */
  edits: FieldEdit[];
  /** What was to go back, and is another value now than it was. */
  left: LeftField[];
}

/** A value that could not go back as it was reads as somebody else's in the next plan: that line of it is ours, and needs no consent. */
export function agreedAfter(
  { agreed }: { agreed?: readonly string[] | undefined },
  returned: RunningSet | undefined,
): readonly string[] | undefined {
  if (!agreed || !returned) return agreed;
  return [...agreed, ...compact({ ...emptyPlan(), left: returned.left })];
}

/** The plan as it was carried out: what went back before the transaction, and what was set behind it; what could not is warned of. */
export function withRunning(planned: Planned, returned: RunningSet | undefined, set: RunningSet | undefined): Planned {
  const { plan } = planned;
  const left = new Map([...(returned?.left ?? []), ...(set?.left ?? [])].map((each) => [each.field, each]));
  const rest = set ? plan.edits.filter((edit) => !isRunning(edit)) : plan.edits;
  return {
    ...planned,
    plan: {
      ...plan,
      edits: [...(returned?.edits ?? []), ...rest, ...(set?.edits ?? [])],
      left: plan.left.filter(({ field }) => !left.has(field)),
    },
    warnings: [
      ...planned.warnings,
      ...[...left.values()].map(({ field, shown, why }) => `${field} is left at ${shown}: ${why}`),
    ],
  };
}
