import { countWays, parseMask } from "../../../hardware/ways";
import type { CatCache } from "../caches";
import type { ClosVm } from "../types";
import type { Seat } from "./seats";
import type { FormerAllocation } from "./types";

/** The masks that a cache's vCPUs had until now, and which of them was the rest's. */
export interface FormerMasks {
  rest: number | undefined;
  /** The mask of the first of these vCPUs that had one of its own. */
  of(members: readonly { vm: string; vcpu: number }[], type: string): number | undefined;
}

/** Class names are not in the file: a class is where its first vCPU was. The rest's mask is no class's. */
export function formerMasks(former: readonly FormerAllocation[], cache: CatCache, seats: readonly Seat[]): FormerMasks {
  const policies = former.find(({ level, id }) => level === cache.level && id === cache.id)?.policies ?? [];
  const masks = new Map(policies.map((p) => [`${p.vm}\n${p.vcpu}\n${p.type}`, parseMask(p.mask)]));
  const maskOf = (vm: string, vcpu: number, types: readonly string[]) =>
    types.map((each) => masks.get(`${vm}\n${vcpu}\n${each}`)).find((mask) => mask !== undefined);
  const held = (vm: ClosVm, vcpu: number) => maskOf(vm.key, vcpu, ["Unified", "Data"]);
  const first = policies[0] && parseMask(policies[0].mask);
  const others = seats.filter(({ own, ghost }) => own === undefined && !ghost);
  const rest = formerRest(
    others.map(({ vm, vcpu }) => ({ vm, mask: held(vm, vcpu) })),
    first,
  );
  const of: FormerMasks["of"] = (members, type) => {
    const types = type === "Unified" ? ["Unified", "Data"] : [type, "Unified"];
    const found = members.flatMap(({ vm, vcpu }) => types.map((each) => masks.get(`${vm}\n${vcpu}\n${each}`)));
    return found.find((mask) => mask !== undefined && mask !== rest);
  };
  return { rest, of };
}

/**
 * The rest's mask is there for the Service VM, so it is what that has. Where it is not on the cache, it is that of the first policy (CLOS 0, with which the
 * hypervisor runs), if somebody of the rest has it; else what most of the rest have, of several the one with more ways, then the higher.
 * No name decides.
 */
export function formerRest(
  had: readonly { vm: ClosVm; mask: number | undefined }[],
  first: number | undefined,
): number | undefined {
  const masks = (of: typeof had) => of.flatMap(({ mask }) => (mask === undefined ? [] : [mask]));
  const all = masks(had);
  const service = mostOf(masks(had.filter(({ vm }) => vm.load === "service")));
  return service ?? (first !== undefined && all.includes(first) ? first : mostOf(all));
}

function mostOf(masks: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const mask of masks) counts.set(mask, (counts.get(mask) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || countWays(b) - countWays(a) || b - a);
  return sorted[0]?.[0];
}
