import { unifiedDiff } from "../text/unified";
import { showAct } from "./acts";
import { compact } from "./render-compact";
import type { FilePlan, Plan } from "./types";

/**
 * The unified diff of every file. A file that comes or goes is compared with what it is made from, so that the diff shows
 * the edits alone: what it said before it was there, and what is said in its place once it is gone. One that is always the same is told in a line.
 */
export function diffOf(file: FilePlan): string {
  if (file.about !== undefined && file.before !== file.after)
    return `${file.before === undefined ? "+++" : "---"} ${file.path}: ${file.about}`;
  const instead = file.before === file.after ? undefined : file.origin?.text;
  return unifiedDiff(file.path, file.before ?? instead, file.after ?? instead);
}

/** For terminals and logs: notes, then what stays as it is, then the diffs. */
export function renderText(plan: Plan): string {
  const left = plan.left.map((l) => `left alone: ${l.field} is ${l.shown}: ${l.why}`);
  const claims = plan.claims.map((c) => `${c.what} ${c.field} = ${c.shown}`);
  const acts = plan.acts.length > 0 ? [`to make it run: ${plan.acts.map(showAct).join(", then ")}`] : [];
  return [...plan.notes, ...left, ...claims, ...plan.files.map(diffOf), ...acts].filter((x) => x !== "").join("\n");
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
