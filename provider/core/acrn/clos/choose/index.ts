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
import { kept, place } from "./place";
import { isNoChoice, type Size, sizeOf } from "./share";
import type { Chosen, Division, NoChoice, Wanted } from "./types";

export { isNoChoice } from "./share";
export type { Chosen, Division, NoChoice, Share, Wanted } from "./types";

interface Sized {
  want: Wanted;
  size: Size;
}

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
  const others = rest && "mask" in rest ? [{ name: "rest", mask: rest.mask }] : [];
  for (const mine of fixed.filter(({ exclusive }) => exclusive)) {
    const gpu = overlap(mine.mask, on.gpu);
    if (gpu !== 0)
      return {
        code: "clos.gpu",
        property: mine.property,
        message: `${on.title}: way ${formatWays(gpu)} of ${formatMask(mine.mask)} (${mine.name}) is one of the GPU's (${formatMask(on.gpu)})`,
        hint: "Leave those ways out, or give a number of ways, which keeps clear of them.",
      };
    const other = [...fixed, ...others].find((each) => each.name !== mine.name && overlap(each.mask, mine.mask) !== 0);
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

function divided(sized: readonly Sized[], rest: Size | undefined, on: Division): Chosen | NoChoice {
  const full = fullMask(on.width);
  const fixed = new Map(sized.flatMap(({ want, size }) => ("mask" in size ? [[want.name, size.mask] as const] : [])));
  const restMask = rest && "mask" in rest ? rest.mask : 0;
  const free = without(full, union([on.locked, on.gpu, restMask, ...fixed.values()]));
  const exclusiveFixed = sized.flatMap(({ want, size }) => ("mask" in size && want.exclusive ? [size.mask] : []));
  const open = without(full, union([on.locked, ...exclusiveFixed]));
  const least = restMask ? 0 : rest && "count" in rest ? rest.count : leastFor(sized, on);
  const enough = (left: number) => least === 0 || (longestRun(left)?.count ?? 0) >= least;
  const runs = sized.flatMap(({ want, size }) =>
    "count" in size && want.exclusive ? [{ want, count: size.count }] : [],
  );
  const stay = kept(formerOf(runs), free);
  const placed = placeAll(runs, stay, free, open, enough);
  if (!placed) return noRoom(sized, rest, on);
  const masks = new Map([...fixed, ...placed.masks]);
  const left = without(open, union(placed.masks.values()));
  const restHas = restMask || restWays(rest, left, on);
  return sharing(sized, masks, left, restHas, on, placed.stayed);
}

/** One way for the rest where somebody is there, and for a class that shares what it asks for. */
function leastFor(sized: readonly Sized[], on: Division): number {
  const counts = sized.flatMap(({ want, size }) => ("count" in size && !want.exclusive ? [size.count] : []));
  return Math.max(on.rest.needed ? 1 : 0, ...counts);
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
  const { former } = on.rest;
  const stays =
    former !== undefined && isContiguous(former) && countWays(former) === rest.count && without(former, left) === 0;
  return stays ? former : runMask(run.first, rest.count);
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

function note({ name, exclusive }: Wanted, stayed: ReadonlySet<string>): string {
  return `${exclusive ? "" : ", shared"}${stayed.has(name) ? ", where it was" : ""}`;
}

/** It does not fit: what is free, where, and who holds the rest. */
function noRoom(sized: readonly Sized[], rest: Size | undefined, on: Division): NoChoice {
  const counts = sized.map(
    ({ want, size }) => `${want.name} ${"mask" in size ? formatMask(size.mask) : `${size.count} ways`}`,
  );
  const held = [
    ...counts,
    ...(rest
      ? [`rest ${"mask" in rest ? formatMask(rest.mask) : `${rest.count} ways`}`]
      : on.rest.needed
        ? ["rest 1 way at least"]
        : []),
    ...(on.gpu ? [`GPU ${formatMask(on.gpu)}`] : []),
    ...(on.locked ? [`Software SRAM ${formatMask(on.locked)}`] : []),
  ];
  const fixed = union(sized.flatMap(({ size }) => ("mask" in size ? [size.mask] : [])));
  const free = without(fullMask(on.width), union([fixed, on.locked, on.gpu, rest && "mask" in rest ? rest.mask : 0]));
  const largest = [...sized].sort(
    (a, b) => ("count" in b.size ? b.size.count : 0) - ("count" in a.size ? a.size.count : 0),
  )[0];
  return {
    code: "clos.full",
    property: largest?.want.property ?? "rest",
    message: `${on.title} has ${on.width} ways, and these do not fit side by side: ${held.join(", ")}`,
    hint: `Beside declared masks way ${formatWays(free)} is free. Ask for less, or let a class share (exclusive: false).`,
  };
}
