import { dataCaches } from "../../hardware/topology";
import type { Cache, Topology } from "../../hardware/types";
import { countWays, parseMask } from "../../hardware/ways";

/** A cache whose ways can be divided. */
export type CatCache = Cache & { cat: NonNullable<Cache["cat"]> };

/** The id of what CLOS_INFO tells of a level: no cache, all of them. */
const ALL = "(all)";

/** L2 and L3 caches with CAT, in file order; ACRN's generator knows no others [3.4-dev board_config/board_c.py gen_rdt_res]. */
export function catCaches(topology: Topology): CatCache[] {
  const found = [2, 3].flatMap((level) => dataCaches(topology, level)).filter(hasCat);
  return topology.cachesKnown ? found : fromClosInfo(topology);
}

function hasCat(cache: Cache): cache is CatCache {
  return cache.cat !== undefined;
}

/** Board files up to v2.4 tell levels alone; which cores share a cache is not known, so all do. */
function fromClosInfo({ clos, pcpus }: Topology): CatCache[] {
  const { resources, max, masks } = clos ?? { resources: [], max: [], masks: [] };
  return resources.flatMap((resource, at): CatCache[] => {
    const maskLength = countWays(parseMask(masks[at] ?? "") ?? 0);
    const level = { L2: 2, L3: 3 }[resource];
    if (level === undefined || maskLength === 0) return [];
    const cat = { maskLength, closNumber: max[at] as number };
    return [{ level, id: ALL, type: 3, pcpus: pcpus.map(({ id }) => id), cdp: false, cat }];
  });
}

/** `L2 0x1` for people and for maps by cache. */
export function titleOf({ level, id }: Pick<Cache, "level" | "id">): string {
  return `L${level} ${id}`;
}

/** The least number of CLOS of any cache: what ACRN's rule compares with [schema/checks/rdt_support.xsd]. */
export function closLimit(caches: readonly CatCache[]): number {
  return Math.min(...caches.map(({ cat }) => cat.closNumber));
}
