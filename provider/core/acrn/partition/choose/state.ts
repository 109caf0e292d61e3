import { allowed, type Ground, holders, type Neighbour, serviceLeft } from "../ground";
import { l2Outside } from "../rules/sharing";
import type { AutoWish } from "../wishes";
import { all } from "../words";

/** How much an automatic choice may disturb. The search goes from the first to the last that the input permits. */
export interface Level {
  evict: boolean;
  shareL2: boolean;
}

/** The search's board: who has what so far, and who still waits. */
export interface State {
  ground: Ground;
  taken: Map<number, string>;
  /** VMs of the map placed so far; automatic ones with the level that they were judged by. */
  placed: Map<string, { cpus: readonly number[]; level?: Level }>;
  /** Automatic wishes without a place yet. */
  waiting: Set<string>;
  /** Literal lists of launch scripts: pCPUs that the VM has to get for its script to go on working. */
  must: ReadonlyMap<string, readonly number[]>;
}

/** What the input permits at most. */
export function widest({ input }: Ground): Level {
  return { evict: input.neighbours === "evict", shareL2: (input.sharing?.l2 ?? []).length > 0 };
}

/** Free pCPUs first, then shared L2 caches, evictions last. */
export function levels(ground: Ground): Level[] {
  const most = widest(ground);
  return [false, true]
    .filter((evict) => !evict || most.evict)
    .flatMap((evict) => [false, true].filter((l2) => !l2 || most.shareL2).map((shareL2) => ({ evict, shareL2 })));
}

/** Why no automatic choice may take this pCPU at that level; undefined when it may. */
export function obstacle(state: State, pcpu: number, level: Level): string | undefined {
  if (pcpu === 0) return "pCPU 0's core";
  const owner = state.taken.get(pcpu);
  if (owner !== undefined) return owner;
  const there = state.ground.neighboursOn(pcpu);
  const fixed = there.find((vm) => vm.fixed);
  if (fixed) return `${fixed.key}, which ${fixed.fixed}`;
  if (there.length > 0 && !level.evict) return all(there.map((vm) => vm.key));
  const bound = there.find((vm) => vm.bound.includes(pcpu));
  return bound && `${bound.key}, whose launch script lists it`;
}

/** The same for a whole core, which is what automatic choice takes. */
export function coreObstacle(state: State, cpus: readonly number[], level: Level): string | undefined {
  for (const pcpu of cpus) {
    const reason = obstacle(state, pcpu, level);
    if (reason) return reason;
  }
  return undefined;
}

export function put(state: State, wish: AutoWish, cpus: readonly number[], level: Level): void {
  for (const pcpu of cpus) state.taken.set(pcpu, wish.vm);
  state.placed.set(wish.vm, { cpus, level });
  state.waiting.delete(wish.vm);
}

export function takeBack(state: State, wish: AutoWish): void {
  for (const pcpu of state.placed.get(wish.vm)?.cpus ?? []) state.taken.delete(pcpu);
  state.placed.delete(wish.vm);
  state.waiting.add(wish.vm);
}

/** Nobody is left without a CPU. This can only get worse as more is taken, so it prunes. */
export function nobodyStarves({ ground, taken }: State): boolean {
  const left = (vm: Neighbour) => vm.fixed !== undefined || vm.cpus.some((id) => !taken.has(id));
  return ground.neighbours.every(left) && serviceLeft(ground, taken)?.length !== 0;
}

/**
 * May `vm` have `cpus` as far as L2 caches go? `hopeful`: a pCPU that a waiting VM could still take from a stranger
 * does not count against it yet.
 */
export function l2Fits(state: State, vm: string, cpus: readonly number[], level: Level, hopeful: boolean): boolean {
  return l2Outside(state.ground, cpus).every((pcpu) => {
    const strangers = holders(state.ground, state.taken, pcpu).filter((name) => name !== vm);
    if (strangers.every((name) => level.shareL2 && allowed(state.ground, "l2", vm, name))) return true;
    if (!hopeful || !level.shareL2 || obstacle(state, pcpu, widest(state.ground))) return false;
    return [...state.waiting].some((other) => other !== vm && allowed(state.ground, "l2", vm, other));
  });
}
