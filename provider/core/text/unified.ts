import { structuredPatch } from "diff";
import { visible } from "./visible";

/** Settings of {@link unifiedDiff}. */
export interface UnifiedOptions {
  /** Unchanged lines around a change. @default 3 */
  context?: number;
}

/**
 * Past this many changed lines the two texts are shown as one whole replaced by the other. The search for the shortest
 * difference costs the square of it (Myers 1986); a bound in lines, unlike one in time, keeps the output deterministic.
 */
const MAX_CHANGED_LINES = 4000;

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

/**
 * A file's change as a unified diff, made to be read: no timestamps, control characters of the content (CR too) spelled
 * out (`\x1b`, `\r`). Undefined is a file that does not exist. Empty when nothing changes.
 */
export function unifiedDiff(
  path: string,
  before: string | undefined,
  after: string | undefined,
  options: UnifiedOptions = {},
): string {
  if (before === after) return "";
  const name = visible(path.replace(/^\/+/, "")).replaceAll("\t", "\\t");
  const lines = [
    `--- ${before === undefined ? "/dev/null" : `a/${name}`}`,
    `+++ ${after === undefined ? "/dev/null" : `b/${name}`}`,
  ];
  for (const hunk of hunks(before ?? "", after ?? "", options.context ?? 3)) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    for (const line of hunk.lines) lines.push(visible(line));
  }
  return `${lines.join("\n")}\n`;
}

function hunks(before: string, after: string, context: number): Hunk[] {
  const patch = structuredPatch("", "", before, after, undefined, undefined, {
    context,
    maxEditLength: MAX_CHANGED_LINES,
  });
  return patch ? patch.hunks : [replaced(before, after)];
}

function replaced(before: string, after: string): Hunk {
  const removed = marked("-", before);
  const added = marked("+", after);
  const count = (lines: string[]) => lines.filter((line) => !line.startsWith("\\")).length;
  return {
    oldStart: 1,
    oldLines: count(removed),
    newStart: 1,
    newLines: count(added),
    lines: [...removed, ...added],
  };
}

function marked(sign: "-" | "+", text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const open = lines.pop();
  const out = lines.map((line) => sign + line);
  if (open) out.push(sign + open, "\\ No newline at end of file");
  return out;
}

/** GNU diff: an empty range is named by the line before it; a length of one is left out. */
function range(start: number, length: number): string {
  if (length === 0) return `${start - 1},0`;
  return length === 1 ? `${start}` : `${start},${length}`;
}
