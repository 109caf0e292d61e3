import { fullMask, wayBytes, without } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import { type Chosen, choose, type Division, isNoChoice, type NoChoice, type Share, type Wanted } from "../choose";
import { type FormerMasks, formerMasks } from "./former";
import { gpuWaysOf } from "./gpu";
import { type Implied, impliedOn } from "./implied";
import type { Members } from "./members";
import { ownClass, type Seat, seatsOf, shareOf } from "./seats";
import type { ClassWish, ClosPlanInput, ClosRefusal, ShareOf } from "./types";

/** One cache, divided. */
export interface Divided {
  cache: CatCache;
  chosen: Chosen;
  seats: Seat[];
  gpu: number;
  /** What a seat fills, by type of policy. */
  maskOf(seat: Seat, type: string): number;
}

export function divide(input: ClosPlanInput, members: Members, cache: CatCache): Divided | ClosRefusal {
  const declared = seatsOf(input, members, cache);
  const implied = impliedOn(cache, declared, input, members);
  const classAt = (vm: string, vcpu: number) => {
    const name = members.classOf(vm, vcpu);
    return name !== undefined && implied.has(name) ? name : ownClass(input, members, cache.level, vm, vcpu);
  };
  const seats = implied.size === 0 ? declared : declared.map((s) => ({ ...s, own: classAt(s.vm.key, s.vcpu) }));
  const was = formerMasks(input.former, cache, seats);
  const division = (part: number) =>
    divisionOf(input, cache, wantedBy({ input, cache, seats, implied, was, part }), seats, was.rest);
  const { chosen, gpu } = chosenFrom(division, implied.size > 0);
  if (isNoChoice(chosen)) return chosen;
  const mask = (seat: Seat, type: string) =>
    maskOf(chosen.rest === undefined ? inPlaceOf(seat, seats) : seat, type, chosen, cache);
  return { cache, chosen, seats, gpu, maskOf: mask };
}

/** What nobody declared gives way to what somebody did: a half, a quarter, ... down to a way. */
function chosenFrom(
  division: (part: number) => Division,
  shrinks: boolean,
): { chosen: Chosen | NoChoice; gpu: number } {
  for (let part = 1; ; part /= 2) {
    const on = division(part);
    const chosen = choose(on);
    const smaller = shrinks && part > 1 / 32 && isNoChoice(chosen) && chosen.code === "clos.full";
    if (!smaller) return { chosen, gpu: on.gpu };
  }
}

interface Asking {
  input: ClosPlanInput;
  cache: CatCache;
  seats: readonly Seat[];
  implied: ReadonlyMap<string, Implied>;
  was: FormerMasks;
  /** How much of an implied share is asked for, 0 to 1. */
  part: number;
}

function wantedBy({ input, cache, seats, implied, was, part }: Asking): Wanted[] {
  const names = [...new Set(seats.flatMap(({ own }) => own ?? []))].sort();
  return names.flatMap((name): Wanted[] => {
    const wish = input.declaration.classes[name] as ClassWish;
    const mine = seats.filter(({ own }) => own === name).map(({ vm, vcpu }) => ({ vm: vm.key, vcpu }));
    const { exclusive } = wish;
    const own = implied.get(name);
    const share = own ? Math.max(1, Math.floor(own.ways * part)) : (shareOf(wish, cache.level) as ShareOf);
    const property = `classes.${name}.${cache.level === 2 ? "l2" : "l3"}`;
    return parts(share).map(({ suffix, type, share: each }) => {
      const held = was.of(mine, type);
      return {
        name: name + suffix,
        of: name,
        property,
        share: each,
        exclusive,
        ...(held === undefined ? {} : { former: held }),
        ...(own ? { because: own.because } : {}),
      };
    });
  });
}

/**
 * Where nobody else is with the rest, the Service VM's vCPU on a real-time VM's core has the ways of that VM's vCPU: until the launch takes the CPU
 * from it, it runs beside other real-time VMs, whose ways are theirs.
 */
function inPlaceOf(seat: Seat, seats: readonly Seat[]): Seat {
  return (seat.ghost ? takerOf(seat, seats) : undefined) ?? seat;
}

/** The real-time VM's vCPU that takes this core. */
function takerOf({ vm: mine, vcpu: at }: Seat, seats: readonly Seat[]): Seat | undefined {
  return seats.find(({ vm, vcpu }) => vm !== mine && vm.realtime && vm.pcpus[vcpu] === mine.pcpus[at]);
}

/** Another VM is in that one's class: in its place the Service VM would fill that other one's ways. */
function hasMates(seat: Seat, seats: readonly Seat[]): boolean {
  const taker = takerOf(seat, seats);
  return taker?.own !== undefined && seats.some(({ vm, own }) => own === taker.own && vm !== taker.vm);
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
      needed: seats.some((seat) => seat.own === undefined && (!seat.ghost || hasMates(seat, seats))),
      ...(share === undefined ? {} : { share }),
      ...(former === undefined ? {} : { former }),
    },
  };
}

function maskOf({ own }: Seat, type: string, { masks, rest }: Chosen, cache: CatCache): number {
  const apart = type === "Code" ? " code" : " data";
  const mask = own === undefined ? rest : (masks.get(own) ?? masks.get(own + apart));
  return mask ?? without(fullMask(cache.cat.maskLength), cache.sramWays ?? 0);
}
