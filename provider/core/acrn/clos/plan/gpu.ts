import type { Topology } from "../../../hardware/types";
import { formatMask, formatWays, fullMask, overlap, parseMask, without } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import type { ClosRefusal } from "./types";

/** A mask is one of the L3: the GPU does not fill the L2 of a core. The board says it cache by cache. */
export function gpuWaysOf(gpuWays: string | undefined, cache: CatCache): number {
  if (gpuWays === undefined) return 0;
  if (gpuWays === "board") return cache.gpuWays ?? 0;
  return cache.level === 3 ? (parseMask(gpuWays) ?? 0) : 0;
}

/** What says nothing is no way to keep the GPU's ways clear. */
export function gpuRefusals(
  gpuWays: string | undefined,
  topology: Topology,
  caches: readonly CatCache[],
): ClosRefusal[] {
  if (gpuWays === undefined) return [];
  const no = (message: string, hint: string): ClosRefusal[] => [
    { code: "clos.gpu", property: "gpuWays", message, hint },
  ];
  if (gpuWays === "board") {
    if (topology.caches.some((cache) => cache.gpuWays)) return [];
    const hint = 'Give the mask: gpuWays: "0x3" (see the BIOS, or Intel\'s TCC tools).';
    return no("the board file tells no ways of the GPU (GT Waymask)", hint);
  }
  const mask = parseMask(gpuWays);
  if (mask === undefined)
    return no(`${JSON.stringify(gpuWays)} is no mask`, 'Give a mask of the L3 ("0x3"), or "board".');
  return caches
    .filter(({ level }) => level === 3)
    .flatMap((cache) => {
      const full = fullMask(cache.cat.maskLength);
      const beyond = without(mask, full);
      const hint = `It has ways ${formatWays(full)} (${formatMask(full)}). Where the GPU has none of them, leave gpuWays out.`;
      if (overlap(mask, full) === 0) return no(`${gpuWays} names no way of ${titleOf(cache)}`, hint);
      return beyond === 0 ? [] : no(`${gpuWays} names way ${formatWays(beyond)}, which ${titleOf(cache)} lacks`, hint);
    });
}

/** Not refused: one program may be for boards with and without. */
export function gpuWarnings(gpuWays: string | undefined, caches: readonly CatCache[]): string[] {
  const reached = gpuWays === "board" ? caches.some((cache) => cache.gpuWays) : caches.some(({ level }) => level === 3);
  if (gpuWays === undefined || reached) return [];
  return [
    "gpuWays does nothing here: no cache with CAT has ways of the GPU on this board, so it fills what it fills. Leave it out.",
  ];
}
