import type { Draft } from "../../../provider/converge/draft";
import type { Machine } from "../../../provider/converge/machine";
import type { StackPlan } from "./plan-stack";

/** The plan on a read that asked for every file that the plan itself names; what a later transaction reads has them too. */
export async function planOnRead(
  machine: Machine,
  plan: (draft: Draft) => StackPlan,
): Promise<{ draft: Draft; stack: StackPlan }> {
  let named: readonly string[] = [];
  for (;;) {
    const draft = await machine.draft(named);
    const stack = plan(draft);
    if (stack.files.every((path) => named.includes(path))) return { draft, stack };
    named = stack.files;
  }
}
