import { longestRun, overlap, runMask, runsOf, union, without } from "../../../hardware/ways";

/** A run of ways to be found. */
export interface ToPlace {
  name: string;
  count: number;
}

/** More than any part needs: 16 classes in 32 ways. What takes longer has no solution that is worth waiting for. */
const STEPS = 20_000;

/**
 * A place for each run among the free ways, so that what is left for the rest has the longest run; `enough` says whether that is enough.
 * Largest first, each at an end of a free run, from the top: the same question always has the same answer. Undefined: they do not fit.
 */
export function place(
  runs: readonly ToPlace[],
  free: number,
  left: (taken: number) => number,
  enough: (left: number) => boolean,
): Map<string, number> | undefined {
  const sorted = [...runs].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const seen = new Set<string>();
  let steps = 0;
  const search = (at: number, taken: number): Map<string, number> | undefined => {
    const run = sorted[at];
    if (!enough(left(taken))) return undefined;
    if (!run) return new Map();
    const key = `${at} ${taken}`;
    if (seen.has(key) || ++steps > STEPS) return undefined;
    seen.add(key);
    for (const mask of candidates(run.count, without(free, taken), (m) => left(union([taken, m])))) {
      const rest = search(at + 1, union([taken, mask]));
      if (rest) return rest.set(run.name, mask);
    }
    return undefined;
  };
  return search(0, 0);
}

/** Both ends of every free run that is long enough; first what leaves the longest run, then the highest. */
function candidates(count: number, free: number, left: (mask: number) => number): number[] {
  const ends = runsOf(free).flatMap(({ first, count: length }) =>
    length < count ? [] : [first + length - count, first],
  );
  const rated = [...new Set(ends)].map((first) => {
    const mask = runMask(first, count);
    return { mask, first, left: longestRun(left(mask))?.count ?? 0 };
  });
  return rated.sort((a, b) => b.left - a.left || b.first - a.first).map(({ mask }) => mask);
}

/** Those of the former places that are free and do not meet each other, the first by name first. */
export function kept(former: readonly { name: string; mask: number }[], free: number): Map<string, number> {
  const out = new Map<string, number>();
  for (const { name, mask } of [...former].sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (without(mask, free) === 0 && overlap(mask, union(out.values())) === 0) out.set(name, mask);
  return out;
}
