import { same } from "../../../provider/core/claims/same";
import { type Act, actsFor } from "../../../provider/core/plan/acts";
import type { FieldEdit, FilePlan, Plan } from "../../../provider/core/plan/types";

/**
 * Plans that were made one on top of the other, as one: what the machine will see is a single transaction, so a field
 * that two of them touch goes straight from what it is to what it will be.
 */
export function foldPlans(plans: readonly Plan[]): Plan {
  return {
    edits: foldEdits(plans.flatMap((plan) => plan.edits)),
    claims: unique(plans.flatMap((plan) => plan.claims)),
    left: plans.flatMap((plan) => plan.left),
    files: foldFiles(plans.flatMap((plan) => plan.files)),
    acts: foldActs(plans.flatMap((plan) => plan.acts)),
    notes: [...new Set(plans.flatMap((plan) => plan.notes))],
  };
}

/** Two resources may hold one field, and what is told of it is the same. */
export function unique<T>(items: readonly T[]): T[] {
  return items.filter((item, at) => items.findIndex((other) => same(other, item)) === at);
}

function foldEdits(edits: readonly FieldEdit[]): FieldEdit[] {
  const byField = new Map<string, FieldEdit>();
  for (const edit of edits) {
    const earlier = byField.get(edit.field);
    byField.set(edit.field, earlier ? joined(earlier, edit) : edit);
  }
  return [...byField.values()].filter((edit) => !same(edit.before, edit.after));
}

function joined(earlier: FieldEdit, later: FieldEdit): FieldEdit {
  return { ...later, before: earlier.before, shown: { before: earlier.shown.before, after: later.shown.after } };
}

/** Each act once, in order, with the fields of all. */
function foldActs(acts: readonly Act[]): Act[] {
  return actsFor(
    acts.flatMap(({ act, target, fields }) => fields.map((field) => ({ field, acts: [{ act, target }] }))),
  );
}

function foldFiles(files: readonly FilePlan[]): FilePlan[] {
  const byPath = new Map<string, FilePlan>();
  for (const file of files) {
    const earlier = byPath.get(file.path);
    byPath.set(file.path, earlier ? { ...earlier, after: file.after } : file);
  }
  return [...byPath.values()].filter((file) => file.before !== file.after);
}
