import { unifiedDiff } from "../text/unified";
import { compact } from "./render-compact";
import type { FilePlan, Plan } from "./types";

/** The unified diff of every file; a file that is not there yet is compared with what it is made from. */
export function diffOf(file: FilePlan): string {
  const before = file.before ?? (file.after === undefined ? undefined : file.origin?.text);
  return unifiedDiff(file.path, before, file.after);
}

/** For terminals and logs: notes, then what stays as it is, then the diffs. */
export function renderText(plan: Plan): string {
  const left = plan.left.map((l) => `left alone: ${l.field} is ${l.shown}: ${l.why}`);
  const claims = plan.claims.map((c) => `${c.what} ${c.field} = ${c.shown}`);
  return [...plan.notes, ...left, ...claims, ...plan.files.map(diffOf)].filter((x) => x !== "").join("\n");
}

/** For reviews: a list of fields, and the diffs as fenced blocks. */
export function renderMarkdown(plan: Plan): string {
  const items = compact(plan).map((line) => `- \`${line.replaceAll("`", "'")}\``);
  const blocks = plan.files.map((f) => fence(diffOf(f))).filter((x) => x !== "");
  return [...items, ...(blocks.length > 0 ? [""] : []), ...blocks].join("\n");
}

/** A fence longer than any run of backticks inside, so that no content can end it. */
function fence(diff: string): string {
  if (diff === "") return "";
  const longest = Math.max(2, ...(diff.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}diff\n${diff.endsWith("\n") ? diff : `${diff}\n`}${ticks}`;
}
