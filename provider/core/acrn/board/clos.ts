import type { Cache, Topology } from "../../hardware/types";
import { type BoardFile, textOf } from "./query";

type Clos = NonNullable<Topology["clos"]>;

/**
 * `CLOS_INFO`: three lines of text, empty on boards without RDT. In 2.x it is what the build takes the number of CLOS
 * from; from v2.5 on the capabilities of the caches say the same, cache by cache.
 * [misc/config_tools/board_inspector/legacy]
 */
export function readClos(board: BoardFile, caches: Cache[] | undefined): Clos | undefined {
  const text = textOf(board.root, "CLOS_INFO");
  if (text === undefined) return caches && derive(caches);
  const resources = list(text, "rdt resources supported");
  const max = list(text, "rdt resource clos max")?.map(Number);
  const masks = list(text, "rdt resource mask max")?.map((mask) => mask.replace(/^'(.*)'$/, "$1"));
  if (resources && max && masks && consistent(resources, max, masks)) return { resources, max, masks };
  board.missing.push(
    "CLOS_INFO is not as board_inspector writes it: the number of CLOS of 2.x cannot be decided from it.",
  );
  return caches && derive(caches);
}

function consistent(resources: string[], max: number[], masks: string[]): boolean {
  const counts = max.length === resources.length && masks.length === resources.length;
  return counts && max.every((value) => Number.isInteger(value) && value > 0 && value <= 65536);
}

/** The items after `key:`; undefined when that line is absent or empty. */
function list(text: string, key: string): string[] | undefined {
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(`${key}:`));
  const items = line
    ?.slice(line.indexOf(":") + 1)
    .split(",")
    .map((item) => item.trim());
  return items?.every((item) => item !== "") ? items : undefined;
}

/** Levels with CAT; of caches that differ (P and E cores) the smaller number holds, as ACRN takes the minimum. */
function derive(caches: Cache[]): Clos | undefined {
  const clos: Clos = { resources: [], max: [], masks: [] };
  const levels = [...new Set(caches.filter((cache) => cache.cat).map((cache) => cache.level))].sort((a, b) => a - b);
  for (const level of levels) {
    const cats = caches.flatMap((cache) => (cache.level === level && cache.cat ? [cache.cat] : []));
    const maskLength = Math.min(...cats.map((cat) => cat.maskLength));
    clos.resources.push(`L${level}`);
    clos.max.push(Math.min(...cats.map((cat) => cat.closNumber)));
    clos.masks.push(`0x${(2 ** maskLength - 1).toString(16)}`);
  }
  return levels.length > 0 ? clos : undefined;
}
