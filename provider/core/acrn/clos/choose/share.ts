import {
  formatBytes,
  formatMask,
  formatWays,
  fullMask,
  isContiguous,
  overlap,
  parseBytes,
  parseMask,
  without,
} from "../../../hardware/ways";
import type { Division, NoChoice, Share, Wanted } from "./types";

/** A share on one cache: the mask itself, or how many ways. */
export type Size = { mask: number; said: string } | { count: number; said: string };

export interface Sized {
  want: Wanted;
  size: Size;
}

export function isNoChoice<T extends object>(x: T | NoChoice): x is NoChoice {
  return "code" in x;
}

/** What a share means on this cache; said for people, with what was rounded. */
export function sizeOf(share: Share, property: string, on: Division): Size | NoChoice {
  const no = (code: string, message: string, hint: string): NoChoice => ({
    code,
    property,
    message: `${on.title}: ${message}`,
    hint,
  });
  const count = (ways: number, said: string): Size | NoChoice => {
    if (ways >= 1 && ways <= on.width) return { count: ways, said };
    return no("clos.share", `${ways} ways are asked for, and it has ${on.width}`, `Give 1 to ${on.width} ways.`);
  };
  if (typeof share === "number") return count(share, `${share} of ${on.width} ways${bytesOf(share, on)}`);
  const bytes = parseBytes(share);
  if (bytes !== undefined) {
    if (on.wayBytes === undefined)
      return no("clos.share", "the board does not tell its size", "Give a number of ways, or a mask.");
    const ways = wholeWays(bytes / on.wayBytes);
    const up = ways * on.wayBytes === bytes ? "" : `, ${share} rounded up`;
    return count(ways, `${ways} of ${on.width} ways (${formatBytes(ways * on.wayBytes)}${up})`);
  }
  const mask = parseMask(share);
  if (mask === undefined)
    return no(
      "clos.share",
      `${JSON.stringify(share)} is no share`,
      'Give a mask ("0xff0"), a number of ways (4) or bytes ("512K").',
    );
  return maskSize(mask, share, on, no);
}

/** A way need not be a whole number of bytes: 11 MiB in 15 ways are 15 of them, whatever a division says behind the comma. */
function wholeWays(ways: number): number {
  const near = Math.round(ways);
  return Math.abs(ways - near) < 1e-6 ? near : Math.ceil(ways);
}

function maskSize(
  mask: number,
  share: string,
  on: Division,
  no: (...words: [string, string, string]) => NoChoice,
): Size | NoChoice {
  const full = fullMask(on.width);
  if (mask === 0) return no("clos.mask-zero", "the mask has no way", "Give it one way at least.");
  if (without(mask, full) !== 0)
    return no(
      "clos.mask-wide",
      `the mask ${share} names way ${formatWays(without(mask, full))}, and it has ${on.width} ways (${formatMask(full)})`,
      "Leave those ways out, or give a number of ways, which fits every cache.",
    );
  if (!isContiguous(mask))
    return no(
      "clos.mask-gap",
      `the mask ${share} (ways ${formatWays(mask)}) has a gap`,
      "Give one run of ways: the processor takes no other.",
    );
  if (overlap(mask, on.locked) !== 0)
    return no(
      "clos.sram",
      `way ${formatWays(overlap(mask, on.locked))} of the mask ${share} is held by Software SRAM`,
      "Leave those ways out.",
    );
  return { mask, said: `the mask ${formatMask(mask)} as declared` };
}

function bytesOf(ways: number, { wayBytes }: Division): string {
  return wayBytes === undefined ? "" : ` (${formatBytes(ways * wayBytes)})`;
}
