import type { Pending } from "../../../provider/resources/kind";
import type { Output } from "../output";
import { table } from "./table";

/** Written, built and running side by side, each with its evidence. */
export function sayPending(output: Output, pending: readonly Pending[]): void {
  if (pending.length === 0) return;
  const { colours } = output;
  const paint = { active: colours.green, pending: colours.yellow, unknown: colours.yellow };
  const [head = "", ...lines] = table([HEAD, ...pending.map(row)]);
  output.say(head, colours.dim);
  pending.forEach((item, at) => {
    output.say(lines[at], paint[item.state]);
    output.say(`    ${item.evidence}`, colours.dim);
  });
}

const HEAD = ["field", "written", "built", "running", "state"];

function row({ field, written, built, running, state }: Pending): string[] {
  return [field, written, built, running, state];
}

/** For reviews, as a table of Markdown. */
export function pendingMarkdown(pending: readonly Pending[]): string[] {
  if (pending.length === 0) return [];
  const cell = (text: string) => text.replaceAll("|", "\\|").replace(/[\r\n]+/g, " ");
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const head = [...HEAD, "evidence"];
  return ["", line(head), line(head.map(() => "---")), ...pending.map((item) => line([...row(item), item.evidence]))];
}
