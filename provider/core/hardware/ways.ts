import type { Cache } from "./types";

/**
 * Capacity masks of Cache Allocation Technology: bit i is way i of a cache (SDM vol. 3, 18.19.4). At most 32 ways (CPUID leaf 0x10 holds the
 * length - 1 in 5 bits), so a mask is an unsigned number; bit operations of JavaScript are signed and end with `>>> 0`.
 */

/** All ways of a cache of this width. */
export function fullMask(width: number): number {
  return runMask(0, width);
}

/** `count` ways from way `first` on. */
export function runMask(first: number, count: number): number {
  return (2 ** count - 1) * 2 ** first;
}

/** `0x` and hex digits, or `0`, as ACRN's HexFormat has it [3.4-dev schema/types.xsd]; undefined: no mask, or wider than 32 ways. */
export function parseMask(text: string): number | undefined {
  if (text === "0") return 0;
  const digits = /^0[xX]0*([0-9a-fA-F]{0,8})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits || "0", 16);
}

/** Lower case and no zeros in front: one spelling for one mask, because ACRN compares them as text. */
export function formatMask(mask: number): string {
  return `0x${mask.toString(16)}`;
}

export function overlap(a: number, b: number): number {
  return (a & b) >>> 0;
}

export function union(masks: Iterable<number>): number {
  let all = 0;
  for (const mask of masks) all = (all | mask) >>> 0;
  return all;
}

export function without(mask: number, gone: number): number {
  return (mask & ~gone) >>> 0;
}

/** Processors take only a single run of ones; another mask raises #GP when it is written (SDM vol. 3, 18.19.4.1). */
export function isContiguous(mask: number): boolean {
  return runsOf(mask).length === 1;
}

export interface Run {
  first: number;
  count: number;
}

/** Each run of neighbouring ways, from way 0 up. */
export function runsOf(mask: number): Run[] {
  const runs: Run[] = [];
  for (let way = 0, before = false; way < 32; way++) {
    const here = ((mask >>> way) & 1) === 1;
    if (here && before) (runs.at(-1) as Run).count++;
    else if (here) runs.push({ first: way, count: 1 });
    before = here;
  }
  return runs;
}

export function countWays(mask: number): number {
  return runsOf(mask).reduce((sum, run) => sum + run.count, 0);
}

/** The longest run, of several the lowest; undefined: no way at all. */
export function longestRun(mask: number): Run | undefined {
  return runsOf(mask).reduce<Run | undefined>((best, run) => (best && best.count >= run.count ? best : run), undefined);
}

/** Ways for people: `0-3`, `10-11,15`, `none`. */
export function formatWays(mask: number): string {
  const items = runsOf(mask).map(({ first, count }) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`));
  return items.length === 0 ? "none" : items.join();
}

/** Bytes of one way (one bit of the mask); undefined where the board does not tell the size. */
export function wayBytes(cache: Pick<Cache, "size" | "cat">): number | undefined {
  return cache.size === undefined || !cache.cat ? undefined : cache.size / cache.cat.maskLength;
}

/** `512K`, `2M`: powers of 1024, as cache sizes are given. Undefined: no such text. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,7})(K|M)(?:i?B)?$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * (unit.toUpperCase() === "K" ? 1024 : 1024 * 1024);
}

/** `1.25M`, `640K`, `100` for people. */
export function formatBytes(bytes: number): string {
  const round = (value: number) => String(Math.round(value * 100) / 100);
  if (bytes >= 1024 * 1024) return `${round(bytes / (1024 * 1024))}M`;
  return bytes >= 1024 ? `${round(bytes / 1024)}K` : round(bytes);
}
