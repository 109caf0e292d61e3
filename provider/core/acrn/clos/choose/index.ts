import {
  countWays,
  formatMask,
  formatWays,
  fullMask,
  isContiguous,
  longestRun,
  overlap,
  runMask,
  union,
  without,
} from "../../../hardware/ways";
import { noRoom } from "./no-room";
import { kept, place } from "./place";
import { isNoChoice, type Size, type Sized, sizeOf } from "./share";
import type { Chosen, Division, NoChoice, Wanted } from "./types";

export { isNoChoice } from "./share";
export type { Chosen, Division, NoChoice, Share, Wanted } from "./types";

/**
 * Who gets which ways of one cache: declared masks first, then exclusive classes (each where it was, if that is legal; else from the top, so
 * that the rest keeps the longest run), then the rest, then classes that share with it.
 */
export function choose(on: Division): Chosen | NoChoice {
  const sized: Sized[] = [];
  for (const want of [...on.wanted].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const size = sizeOf(want.share, want.property, on);
    if (isNoChoice(size)) return size;
    sized.push({ want, size });
  }
  const rest = on.rest.share === undefined || !on.rest.needed ? undefined : sizeOf(on.rest.share, "rest", on);
  if (rest && isNoChoice(rest)) return rest;
  return clash(sized, rest, on) ?? divided(sized, rest, on);
}

/** Declared masks that cannot stand side by side. */
function clash(sized: readonly Sized[], rest: Size | undefined, on: Division): NoChoice | undefined {
  const fixed = sized.flatMap(({ want, size }) => ("mask" in size ? [{ ...want, mask: size.mask }] : []));
  const others = rest && "mask" in rest ? [{ name: "rest", of: "rest", mask: rest.mask }] : [];
  for (const mine of fixed.filter(({ exclusive }) => exclusive)) {
    const gpu = overlap(mine.mask, on.gpu);
    if (gpu !== 0)
      return {
        code: "clos.gpu",
        property: mine.property,
        message: `${on.title}: way ${formatWays(gpu)} of ${formatMask(mine.mask)} (${mine.name}) is one of the GPU's (${formatMask(on.gpu)})`,
        hint: "Leave those ways out, or give a number of ways, which keeps clear of them.",
      };
    const other = [...fixed, ...others].find(
      (each) => ownerOf(each) !== ownerOf(mine) && overlap(each.mask, mine.mask) !== 0,
    );
    if (other)
      return {
        code: "clos.overlap",
        property: mine.property,
        message: `${on.title}: ${mine.name} (${formatMask(mine.mask)}) and ${other.name} (${formatMask(other.mask)}) both have way ${formatWays(overlap(mine.mask, other.mask))}`,
        hint: "Give them masks that do not meet, or numbers of ways, which are placed apart.",
      };
  }
  return undefined;
}

function ownerOf({ name, of }: { name: string; of?: string }): string {
  return of ?? name;
}

function divided(sized: readonly Sized[], rest: Size | undefined, on: Division): Chosen | NoChoice {
  const full = fullMask(on.width);
  const fixed = new Map(sized.flatMap(({ want, size }) => ("mask" in size ? [[want.name, size.mask] as const] : [])));
  const restMask = rest && "mask" in rest ? rest.mask : 0;
  const free = without(full, union([on.locked, on.gpu, restMask, ...fixed.values()]));
  const exclusiveFixed = sized.flatMap(({ want, size }) => ("mask" in size && want.exclusive ? [size.mask] : []));
  const open = without(full, union([on.locked, ...exclusiveFixed]));
  const least = Math.max(
    largestShared(sized),
    restMask || !on.rest.needed ? 0 : rest && "count" in rest ? rest.count : 1,
  );
  const enough = (left: number) => least === 0 || (longestRun(left)?.count ?? 0) >= least;
  const runs = sized.flatMap(({ want, size }) =>
    "count" in size && want.exclusive ? [{ want, count: size.count }] : [],
  );
  const placed = placedBeside(restThere(rest, on, open), runs, free, (among) =>
    placeAll(runs, kept(formerOf(runs), among), among, open, enough),
  );
  if (!placed) return noRoom(sized, rest, on);
  const masks = new Map([...fixed, ...placed.masks]);
  const left = without(open, union(placed.masks.values()));
  const restHas = restMask || restWays(rest, left, on);
  return sharing(sized, masks, left, restHas, on, placed.stayed);
}

type Placed = ReturnType<typeof placeAll>;

/** With the rest where it was, unless a class would have to move for that. */
function placedBeside(
  there: number | undefined,
  runs: readonly Asked[],
  free: number,
  placed: (among: number) => Placed,
): Placed {
  const beside = there === undefined ? undefined : placed(without(free, there));
  return beside && beside.stayed.size === kept(formerOf(runs), free).size ? beside : placed(free);
}

/** A class that shares needs a run that no exclusive class has, too: beside the rest, or among it. */
function largestShared(sized: readonly Sized[]): number {
  return Math.max(0, ...sized.map(({ want, size }) => ("count" in size && !want.exclusive ? size.count : 0)));
}

interface Asked {
  want: Wanted;
  count: number;
}

function formerOf(runs: readonly Asked[]): { name: string; mask: number }[] {
  return runs.flatMap(({ want: { name, former }, count }) =>
    former !== undefined && isContiguous(former) && countWays(former) === count ? [{ name, mask: former }] : [],
  );
}

/** With those that stay where they are; where that leaves no place, all anew. */
function placeAll(
  runs: readonly Asked[],
  stay: ReadonlyMap<string, number>,
  free: number,
  open: number,
  enough: (left: number) => boolean,
): { masks: Map<string, number>; stayed: ReadonlySet<string> } | undefined {
  const asked = runs.map(({ want: { name }, count }) => ({ name, count }));
  const held = union(stay.values());
  const fresh = asked.filter(({ name }) => !stay.has(name));
  const beside = place(fresh, without(free, held), (taken) => without(open, union([held, taken])), enough);
  if (beside) return { masks: new Map([...stay, ...beside]), stayed: new Set(stay.keys()) };
  const anew = place(asked, free, (taken) => without(open, taken), enough);
  return anew && { masks: anew, stayed: new Set() };
}

/** Its own number of ways, where it was if it can; else the longest run that is left. */
function restWays(rest: Size | undefined, left: number, on: Division): number | undefined {
  const run = longestRun(left);
  if (!run) return undefined;
  if (!rest || !("count" in rest)) return runMask(run.first, run.count);
  return restThere(rest, on, left) ?? runMask(run.first, rest.count);
}

/** Where the rest was, if its number of ways is the same and they are among these. */
function restThere(rest: Size | undefined, { rest: { former } }: Division, among: number): number | undefined {
  if (!rest || !("count" in rest) || former === undefined || !isContiguous(former)) return undefined;
  return countWays(former) === rest.count && without(former, among) === 0 ? former : undefined;
}

/** Classes that share get the lowest ways of the longest run, beside or among the rest's. */
function sharing(
  sized: readonly Sized[],
  masks: Map<string, number>,
  left: number,
  rest: number | undefined,
  on: Division,
  stayed: ReadonlySet<string>,
): Chosen {
  for (const { want, size } of sized) {
    if (!("count" in size) || want.exclusive) continue;
    const [former] = formerOf([{ want, count: size.count }]);
    const mask =
      former && without(former.mask, left) === 0 ? former.mask : runMask(longestRun(left)?.first ?? 0, size.count);
    masks.set(want.name, mask);
  }
  const why = new Map(sized.map(({ want, size }) => [want.name, `${size.said}${note(want, stayed)}`]));
  const unused = rest === undefined ? 0 : without(left, union([rest, ...masks.values()]));
  if (rest !== undefined)
    why.set(
      "rest",
      `${on.rest.share === undefined ? "the longest run that is left" : "as declared"}${unused ? `; nobody has way ${formatWays(unused)}` : ""}`,
    );
  return { masks, rest, why };
}

function note({ name, exclusive, because }: Wanted, stayed: ReadonlySet<string>): string {
  return `${exclusive ? "" : ", shared"}${stayed.has(name) ? ", where it was" : ""}${because ? `; ${because}` : ""}`;
}
