import { showAct } from "../../../provider/core/plan/acts";
import { diffOf } from "../../../provider/core/plan/render-text";
import type { Plan } from "../../../provider/core/plan/types";
import type { Output, Paint } from "../output";
import type { StackPlan } from "../stack/plan-stack";
import { sayPending } from "./pending";

/** A plan for people: why, what happens to files and claims, the diffs, and what is not running afterwards. */
export function sayPlan(output: Output, stack: StackPlan): void {
  const { colours } = output;
  for (const { name, type, planned } of stack.resources) {
    output.say(`${name} (${type})`, colours.bold);
    for (const reason of planned.reasons) output.say(`  ${reason}`);
  }
  for (const { urn } of stack.leaving) output.say(`withdrawn: ${urn}`, colours.bold);
  sayRemarks(output, stack.whole.plan);
  for (const file of stack.whole.plan.files) sayDiff(output, diffOf(file));
  sayPending(output, stack.whole.pending);
  for (const act of stack.whole.plan.acts) output.say(`to make it run: ${showAct(act)}`);
}

function sayRemarks(output: Output, plan: Plan): void {
  for (const note of plan.notes) output.say(note);
  for (const left of plan.left)
    output.say(`left alone: ${left.field} is ${left.shown}: ${left.why}`, output.colours.yellow);
  for (const claim of plan.claims) output.say(`${claim.what} ${claim.field} = ${claim.shown}`);
}

/** In the colours of `git diff`. */
function sayDiff(output: Output, diff: string): void {
  if (diff === "") return;
  let header = true;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("@@")) header = false;
    output.say(line, paintOf(output, line, header));
  }
}

function paintOf({ colours }: Output, line: string, header: boolean): Paint | undefined {
  if (header) return colours.bold;
  if (line.startsWith("+")) return colours.green;
  if (line.startsWith("-")) return colours.red;
  return line.startsWith("@@") ? colours.cyan : undefined;
}
