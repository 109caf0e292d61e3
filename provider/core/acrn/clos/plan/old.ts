import { formatMask, fullMask, union, wayBytes, without } from "../../../hardware/ways";
import { type CatCache, catCaches, closLimit } from "../caches";
import { choose, type Division, isNoChoice, type Share, type Wanted } from "../choose";
import { closFaults } from "../faults";
import type { ClosSettings, ClosVm } from "../types";
import { noCores } from "./declaration";
import { formerRest } from "./former";
import { gpuWarnings, gpuWaysOf } from "./gpu";
import { type Members, membersOf } from "./members";
import { oldRefusals } from "./old-refusals";
import { type ClassWays, type ClassWish, type ClosPlan, type ClosPlanInput, refused } from "./types";

/** What the 2.x lists held until now: masks by CLOS, and the CLOS of each vCPU by VM. */
export interface OldFormer {
  masks: readonly number[];
  closIds: Readonly<Record<string, readonly number[]>>;
  /** The lists were for CDP. @default false */
  cdp?: boolean;
}

const ALL = "all caches";

/**
 * 2.x: one list of masks for every cache with CAT, an id a vCPU (reference 2.2). CLOS 0 is the rest's, since the hypervisor runs with it;
 * then the classes by name. As many masks as the board has CLOS, as those that the list lacks would be written as 0.
 */
export function planOldClos(input: Omit<ClosPlanInput, "former">, former: OldFormer): ClosPlan {
  const { declaration, topology, vms } = input;
  const caches = catCaches(topology);
  const members = membersOf(declaration, vms);
  const homeless = vms.filter(({ pcpus }) => pcpus.length === 0).map(({ key }) => noCores(key));
  const early = [...members.refusals, ...oldRefusals(declaration, topology, caches), ...homeless];
  if (early.length > 0) return refused(early);
  const names = Object.keys(declaration.classes).sort();
  const division = divisionOf(input, members, caches, names, former);
  const chosen = choose(division);
  if (isNoChoice(chosen)) return refused([chosen]);
  const rest = chosen.rest ?? without(fullMask(division.width), division.locked);
  const limit = Math.min(closLimit(caches), ...(topology.clos?.max ?? []));
  const own = names.map((name) => chosen.masks.get(name) ?? rest);
  const masks = Array.from({ length: Math.max(limit, own.length + 1) }, (_, at) => formatMask(own[at - 1] ?? rest));
  const closIds = Object.fromEntries(
    vms.map((vm) => [vm.key, vm.pcpus.map((_, vcpu) => names.indexOf(members.classOf(vm.key, vcpu) ?? "") + 1)]),
  );
  const delays = delaysOf(input, names, masks.length);
  const gpuWays = (cache: CatCache) => union([cache.gpuWays ?? 0, gpuWaysOf(declaration.gpuWays, cache)]);
  const besides = { gpuWays, scripts: input.scripts ?? [] };
  const faults = closFaults(settingsOf(masks), vms.map(withIds(closIds)), topology, besides);
  const found = faults.filter(({ rule }) => rule !== "clos.lapic");
  const refusals = found
    .filter(({ severity }) => severity === "error")
    .map(({ rule, message, hint }) => ({ code: rule, property: "classes", message, hint }));
  if (refusals.length > 0) return refused(refusals);
  return {
    allocations: [],
    closIds,
    ways: waysOf(division, names, chosen.masks, rest, chosen.why),
    held: division.gpu ? [{ cache: ALL, name: "GPU", mask: division.gpu }] : [],
    lists: { masks, ...(delays ? { delays } : {}) },
    refusals: [],
    warnings: [
      ...found.filter(({ severity }) => severity === "warning").map(({ message, hint }) => `${message}. ${hint}`),
      ...gpuWarnings(declaration.gpuWays, caches),
    ],
  };
}

function divisionOf(
  { declaration, vms }: Omit<ClosPlanInput, "former">,
  members: Members,
  caches: readonly CatCache[],
  names: readonly string[],
  former: OldFormer,
): Division {
  const bytes = caches.map(wayBytes);
  const shareOf = (name: string) => {
    const wish = declaration.classes[name];
    return (wish?.l2 ?? wish?.l3) as Share | undefined;
  };
  const inRest = (vm: ClosVm, vcpu: number) => shareOf(members.classOf(vm.key, vcpu) ?? "") === undefined;
  const others = vms.flatMap((vm) =>
    vm.pcpus.flatMap((pcpu, vcpu) => (inRest(vm, vcpu) && !members.isGhost(vm, pcpu) ? [{ vm, vcpu }] : [])),
  );
  const had = others.map(({ vm, vcpu }) => ({ vm, mask: formerMask(former, vm, vcpu) }));
  const held = formerRest(had, former.masks[0]);
  const wanted = names.flatMap((name): Wanted[] => {
    const { l2, exclusive } = declaration.classes[name] as ClassWish;
    const share = shareOf(name);
    if (share === undefined) return [];
    const was = formerOf(name, members, vms, former, held);
    const property = `classes.${name}.${l2 === undefined ? "l3" : "l2"}`;
    return [{ name, property, share, exclusive, ...(was === undefined ? {} : { former: was }) }];
  });
  const share = declaration.rest?.l2 ?? declaration.rest?.l3;
  const one = bytes.every((each) => each === bytes[0]) ? bytes[0] : undefined;
  return {
    title: ALL,
    width: Math.min(...caches.map(({ cat }) => cat.maskLength)),
    ...(one === undefined ? {} : { wayBytes: one }),
    locked: union(caches.map(({ sramWays = 0 }) => sramWays)),
    gpu: union(caches.map((cache) => gpuWaysOf(declaration.gpuWays, cache))),
    wanted,
    rest: {
      needed: others.length > 0,
      ...(share === undefined ? {} : { share }),
      ...(held ? { former: held } : {}),
    },
  };
}

/** The mask that the class's first vCPU had, unless it was the rest's. */
function formerOf(
  name: string,
  members: Members,
  vms: readonly ClosVm[],
  former: OldFormer,
  rest: number | undefined,
): number | undefined {
  for (const vm of vms)
    for (const vcpu of vm.pcpus.keys()) {
      const mask = members.classOf(vm.key, vcpu) === name ? formerMask(former, vm, vcpu) : undefined;
      if (mask && mask !== rest) return mask;
    }
  return undefined;
}

/** With CDP the masks of data and of code take turns (reference 2.2). */
function formerMask({ masks, closIds, cdp }: OldFormer, vm: ClosVm, vcpu: number): number | undefined {
  const id = closIds[vm.key]?.[vcpu];
  return id === undefined ? undefined : masks[cdp ? 2 * id : id];
}

function delaysOf(
  { declaration }: Omit<ClosPlanInput, "former">,
  names: readonly string[],
  count: number,
): string[] | undefined {
  const { classes, rest } = declaration;
  const given = [rest?.mba, ...names.map((name) => classes[name]?.mba)];
  if (given.every((each) => each === undefined)) return undefined;
  return Array.from({ length: count }, (_, at) => String(given[at] ?? 0));
}

function settingsOf(masks: readonly string[]): ClosSettings {
  const list = masks.map((text) => ({ text, line: 0 }));
  return { dialect: "2.x", rdt: true, cdp: false, vcat: false, line: 0, allocations: [], masks: list, delays: [] };
}

function withIds(closIds: Record<string, number[]>): (vm: ClosVm) => ClosVm {
  return (vm) => ({ ...vm, clos: (closIds[vm.key] ?? []).map((id) => ({ text: String(id), line: 0 })) });
}

function waysOf(
  on: Division,
  names: readonly string[],
  masks: ReadonlyMap<string, number>,
  rest: number,
  why: ReadonlyMap<string, string>,
): ClassWays[] {
  const all = [...names.filter((name) => masks.has(name)).map((name) => [name, masks.get(name) as number] as const)];
  return [...all, ["rest", rest] as const].map(([name, mask]) => ({
    name,
    cache: ALL,
    width: on.width,
    mask,
    ...(on.wayBytes === undefined ? {} : { bytes: on.wayBytes }),
    why: why.get(name) ?? "",
  }));
}
