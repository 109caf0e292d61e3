import type { Draft } from "../../../provider/converge/draft";
import type { Machine } from "../../../provider/converge/machine";
import type { StackPlan } from "./plan-stack";

/** The plan on a read that asked for every file and text that the plan itself names; what a later transaction reads has them too. */
export async function planOnRead(
  machine: Machine,
  plan: (draft: Draft) => StackPlan,
): Promise<{ draft: Draft; stack: StackPlan }> {
  let { files, texts }: Pick<StackPlan, "files" | "texts"> = { files: [], texts: [] };
  for (;;) {
    const draft = await machine.draft(files, texts);
    const stack = plan(draft);
    const all = stack.files.every((path) => files.includes(path)) && stack.texts.every((text) => texts.includes(text));
    if (all) return { draft, stack };
    ({ files, texts } = stack);
  }
}
