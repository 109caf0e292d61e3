import type { CatCache } from "../caches";
import type { ClosVm } from "../types";
import type { Members } from "./members";
import type { ClassWish, ClosPlanInput, ShareOf } from "./types";

/** A vCPU on a cache. `ghost`: it never runs beside the real-time VM whose core it is on. */
export interface Seat {
  vm: ClosVm;
  vcpu: number;
  /** Undefined: the rest's mask. */
  own: string | undefined;
  ghost: boolean;
}

/** The level's argument of a class, for messages and by that. */
export function shareOf(wish: ClassWish, level: number): ShareOf | undefined {
  return level === 2 ? wish.l2 : wish.l3;
}

/** The class that a vCPU has ways of on a level: one that says nothing of it is with the rest there. */
export function ownClass(
  { declaration }: ClosPlanInput,
  members: Members,
  level: number,
  vm: string,
  vcpu: number,
): string | undefined {
  const name = members.classOf(vm, vcpu);
  const wish = name === undefined ? undefined : declaration.classes[name];
  return wish && shareOf(wish, level) !== undefined ? name : undefined;
}

export function seatsOf(input: ClosPlanInput, members: Members, cache: CatCache): Seat[] {
  return input.vms.flatMap((vm) =>
    vm.pcpus.flatMap((pcpu, vcpu): Seat[] => {
      if (!cache.pcpus.includes(pcpu)) return [];
      const own = ownClass(input, members, cache.level, vm.key, vcpu);
      return [{ vm, vcpu, own, ghost: members.isGhost(vm, pcpu) }];
    }),
  );
}
