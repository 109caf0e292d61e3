import { parseMask } from "../../../hardware/ways";
import type { CatCache } from "../caches";
import type { FormerAllocation } from "./types";

/** The masks that a cache's vCPUs had until now, and which of them was the rest's. */
export interface FormerMasks {
  rest: number | undefined;
  /** The mask of the first of these vCPUs that had one of its own. */
  of(members: readonly { vm: string; vcpu: number }[], type: string): number | undefined;
}

/**
 * Class names are not in the file: a class is where its first vCPU was. The first policy of an allocation of ours is the
 * rest's where the rest is there at all (see order.ts), and its mask is no class's.
 */
export function formerMasks(
  former: readonly FormerAllocation[],
  cache: CatCache,
  inRest: (vm: string, vcpu: number) => boolean,
): FormerMasks {
  const policies = former.find(({ level, id }) => level === cache.level && id === cache.id)?.policies ?? [];
  const first = policies[0];
  const rest = first && inRest(first.vm, Number(first.vcpu)) ? parseMask(first.mask) : undefined;
  const masks = new Map(policies.map((p) => [`${p.vm}\n${p.vcpu}\n${p.type}`, parseMask(p.mask)]));
  const of: FormerMasks["of"] = (members, type) => {
    const types = type === "Unified" ? ["Unified", "Data"] : [type, "Unified"];
    const found = members.flatMap(({ vm, vcpu }) => types.map((each) => masks.get(`${vm}\n${vcpu}\n${each}`)));
    return found.find((mask) => mask !== undefined && mask !== rest);
  };
  return { rest, of };
}
