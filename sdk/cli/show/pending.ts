import type { Pending } from "../../../provider/resources/kind";
import type { Output } from "../output";
import { table } from "./table";

/** Written, built and running side by side, each with its evidence. */
export function sayPending(output: Output, pending: readonly Pending[]): void {
  if (pending.length === 0) return;
  const { colours } = output;
  const paint = { active: colours.green, pending: colours.yellow, unknown: colours.yellow };
  const [head = "", ...lines] = table([PENDING_HEAD, ...pending.map(pendingRow)]);
  output.say(head, colours.dim);
  pending.forEach((item, at) => {
    output.say(lines[at], paint[item.state]);
    output.say(`    ${item.evidence}`, colours.dim);
  });
}

export const PENDING_HEAD = ["field", "written", "built", "running", "state"];

export function pendingRow({ field, written, built, running, state }: Pending): string[] {
  return [field, written, built, running, state];
}
