import { fullMask, parseMask, wayBytes, without } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import { type Chosen, choose, type Division, isNoChoice, type Share, type Wanted } from "../choose";
import { ghosts } from "../faults/isolation";
import type { ClosVm } from "../types";
import { formerMasks } from "./former";
import type { Members } from "./members";
import type { ClassWish, ClosPlanInput, ClosRefusal, ShareOf } from "./types";

/** A vCPU on a cache. `ghost`: it never runs beside the real-time VM whose core it is on. */
export interface Seat {
  vm: ClosVm;
  vcpu: number;
  /** Undefined: the rest's mask. */
  own: string | undefined;
  ghost: boolean;
}

/** One cache, divided. */
export interface Divided {
  cache: CatCache;
  chosen: Chosen;
  seats: Seat[];
  gpu: number;
  /** What a seat fills, by type of policy. */
  maskOf(seat: Seat, type: string): number;
}

/** The level's argument of a class, for messages and by that. */
export function shareOf(wish: ClassWish, level: number): ShareOf | undefined {
  return level === 2 ? wish.l2 : wish.l3;
}

export function divide(input: ClosPlanInput, members: Members, cache: CatCache): Divided | ClosRefusal {
  const { declaration, former } = input;
  const seats = seatsOf(input, members, cache);
  const inRest = (vm: string, vcpu: number) => ownClass(input, members, cache.level, vm, vcpu) === undefined;
  const was = formerMasks(former, cache, inRest);
  const names = [...new Set(seats.flatMap(({ own }) => own ?? []))].sort();
  const wanted = names.flatMap((name): Wanted[] => {
    const wish = declaration.classes[name] as ClassWish;
    const mine = seats.filter(({ own }) => own === name).map(({ vm, vcpu }) => ({ vm: vm.key, vcpu }));
    const { exclusive } = wish;
    return parts(shareOf(wish, cache.level) as ShareOf).map(({ suffix, type, share }) => {
      const held = was.of(mine, type);
      const property = `classes.${name}.${cache.level === 2 ? "l2" : "l3"}`;
      return { name: name + suffix, property, share, exclusive, ...(held === undefined ? {} : { former: held }) };
    });
  });
  const division = divisionOf(input, cache, wanted, seats, was.rest);
  const chosen = choose(division);
  if (isNoChoice(chosen)) return chosen;
  const mask = (seat: Seat, type: string) =>
    maskOf(chosen.rest === undefined ? inPlaceOf(seat, seats) : seat, type, chosen, cache);
  return { cache, chosen, seats, gpu: division.gpu, maskOf: mask };
}

/**
 * Where nobody else is with the rest, the Service VM's vCPU on a real-time VM's core has the ways of that VM's vCPU: until the launch takes the CPU
 * from it, it runs beside other real-time VMs, whose ways are theirs.
 */
function inPlaceOf(seat: Seat, seats: readonly Seat[]): Seat {
  if (!seat.ghost) return seat;
  const pcpu = seat.vm.pcpus[seat.vcpu];
  return seats.find(({ vm, vcpu }) => vm !== seat.vm && vm.realtime && vm.pcpus[vcpu] === pcpu) ?? seat;
}

/** A class that says nothing of a level is with the rest there. */
function ownClass(input: ClosPlanInput, members: Members, level: number, vm: string, vcpu: number): string | undefined {
  const name = members.classOf(vm, vcpu);
  const wish = name === undefined ? undefined : input.declaration.classes[name];
  return wish && shareOf(wish, level) !== undefined ? name : undefined;
}

function seatsOf(input: ClosPlanInput, members: Members, cache: CatCache): Seat[] {
  const { vms } = input;
  const isGhost = ghosts(vms);
  return vms.flatMap((vm) =>
    vm.pcpus.flatMap((pcpu, vcpu): Seat[] => {
      if (!cache.pcpus.includes(pcpu)) return [];
      const own = ownClass(input, members, cache.level, vm.key, vcpu);
      return [{ vm, vcpu, own, ghost: isGhost(vm, pcpu) }];
    }),
  );
}

function parts(share: ShareOf): { suffix: string; type: string; share: Share }[] {
  if (typeof share !== "object") return [{ suffix: "", type: "Unified", share }];
  return [
    { suffix: " data", type: "Data", share: share.data },
    { suffix: " code", type: "Code", share: share.code },
  ];
}

function divisionOf(
  { declaration }: ClosPlanInput,
  cache: CatCache,
  wanted: readonly Wanted[],
  seats: readonly Seat[],
  former: number | undefined,
): Division {
  const width = cache.cat.maskLength;
  const share = cache.level === 2 ? declaration.rest?.l2 : declaration.rest?.l3;
  const bytes = wayBytes(cache);
  return {
    title: titleOf(cache),
    width,
    ...(bytes === undefined ? {} : { wayBytes: bytes }),
    locked: cache.sramWays ?? 0,
    gpu: gpuWaysOf(declaration.gpuWays, cache),
    wanted,
    rest: {
      needed: seats.some(({ own, ghost }) => own === undefined && !ghost),
      ...(share === undefined ? {} : { share }),
      ...(former === undefined ? {} : { former }),
    },
  };
}

/** A mask is one of the L3: the GPU does not fill the L2 of a core. The board says it cache by cache. */
export function gpuWaysOf(gpuWays: string | undefined, cache: CatCache): number {
  if (gpuWays === undefined) return 0;
  if (gpuWays === "board") return cache.gpuWays ?? 0;
  return cache.level === 3 ? (parseMask(gpuWays) ?? 0) : 0;
}

function maskOf({ own }: Seat, type: string, { masks, rest }: Chosen, cache: CatCache): number {
  const apart = type === "Code" ? " code" : " data";
  const mask = own === undefined ? rest : (masks.get(own) ?? masks.get(own + apart));
  return mask ?? without(fullMask(cache.cat.maskLength), cache.sramWays ?? 0);
}
