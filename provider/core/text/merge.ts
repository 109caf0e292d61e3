/** node-diff3 runs under `require` but describes itself as an ES module only, so its one function is typed here. */
const { diff3Merge } = require("node-diff3") as {
  diff3Merge(a: string[], o: string[], b: string[]): { ok?: string[]; conflict?: unknown }[];
};

/** Three-way merge by lines; undefined where both sides changed the same lines. Line ends stay as they are. */
export function mergeLines(mine: string, base: string, theirs: string): string | undefined {
  const regions = diff3Merge(lines(mine), lines(base), lines(theirs));
  return regions.some((r) => r.conflict) ? undefined : regions.flatMap((r) => r.ok ?? []).join("");
}

/** Lines with their ends, so that joining them gives the same bytes. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
