import type { Ground } from "../ground";
import { sharingRules } from "../rules/sharing";
import type { Placement } from "../types";
import type { AutoWish } from "../wishes";
import { byText } from "../words";
import { candidates } from "./candidates";
import { keepable } from "./keep";
import { type Level, l2Fits, levels, nobodyStarves, put, type State, takeBack, widest } from "./state";

/**
 * Cores that one search may look at, over and over, before it gives up: some thousand steps on boards of eight cores,
 * where a few dozen do, some hundred on boards of 64. It keeps a board made to be hard from hanging a preview.
 */
const MOST_WORK = 24_000;

export function start(ground: Ground, explicit: Placement, must: State["must"]): State {
  const state: State = { ground, taken: new Map(), placed: new Map(), waiting: new Set(), must };
  for (const [vm, cpus] of explicit) {
    state.placed.set(vm, { cpus });
    for (const id of cpus) if (!state.taken.has(id)) state.taken.set(id, vm);
  }
  return state;
}

/**
 * Places all wishes, or none: first with every former choice kept, then, when that leaves no place for the others,
 * with former choices only preferred. Within each, the mildest level that works for all.
 */
export function search(
  ground: Ground,
  explicit: Placement,
  wishes: readonly AutoWish[],
  must: State["must"],
): State | undefined {
  const effort: Effort = { work: MOST_WORK, whole: mendable(ground, explicit) };
  for (const keep of [true, false])
    for (const level of levels(ground)) {
      const state = start(ground, explicit, must);
      for (const wish of wishes) state.waiting.add(wish.vm);
      if (!keep && !wishes.some((wish) => keepable(state, wish))) break;
      const kept = keep ? keepFormer(state, wishes) : new Set<string>();
      const rest = wishes.filter((wish) => !kept.has(wish.vm));
      if (walk(state, inOrder(state, rest), 0, level, effort)) return state;
    }
  return undefined;
}

interface Effort {
  work: number;
  /** Not only the automatic choices have to come out legal, but all (see mendable). */
  whole: boolean;
}

/** Scarce places first; at the end by name, so that the order of the map never matters. */
function inOrder(state: State, wishes: readonly AutoWish[]): AutoWish[] {
  const weight = (wish: AutoWish) =>
    (keepable(state, wish) ? 4 : 0) + (state.must.has(wish.vm) ? 2 : 0) + (wish.kind ? 1 : 0);
  return [...wishes].sort((a, b) => weight(b) - weight(a) || b.cores - a.cores || byText(a.vm, b.vm));
}

function keepFormer(state: State, wishes: readonly AutoWish[]): Set<string> {
  const kept = new Set<string>();
  for (const wish of [...wishes].sort((a, b) => byText(a.vm, b.vm))) {
    const former = keepable(state, wish);
    if (!former) continue;
    put(state, wish, former, widest(state.ground));
    if (nobodyStarves(state)) kept.add(wish.vm);
    else takeBack(state, wish);
  }
  return kept;
}

function walk(state: State, wishes: readonly AutoWish[], at: number, level: Level, effort: Effort): boolean {
  const wish = wishes[at];
  if (!wish) return legal(state, effort);
  effort.work -= state.ground.topology.cores.length;
  if (effort.work < 0) return false;
  const former = keepable(state, wish);
  const options = candidates(state, wish, level).map((cpus) => ({ cpus, level }));
  for (const option of former ? [{ cpus: former, level: widest(state.ground) }, ...options] : options) {
    put(state, wish, option.cpus, option.level);
    if (nobodyStarves(state) && walk(state, wishes, at + 1, level, effort)) return true;
    takeBack(state, wish);
  }
  return false;
}

/** With nobody waiting any more, hope has become certainty or not. */
function legal(state: State, effort: Effort): boolean {
  const placed = [...state.placed];
  if (effort.whole && sharingRules(state.ground, placementOf(state)).length > 0) return false;
  return placed.every(([vm, { cpus, level }]) => !level || l2Fits(state, vm, cpus, level, false));
}

/**
 * An explicit choice beside free pCPUs is illegal alone, and becomes legal when an automatic choice that may be its
 * neighbour takes them. Only then has the search to look at explicit choices too: nothing else can mend them.
 */
function mendable(ground: Ground, explicit: Placement): boolean {
  const trouble = sharingRules(ground, explicit);
  return trouble.length > 0 && trouble.every(({ code }) => code === "cores.shared-l2");
}

export function placementOf(state: State): Map<string, readonly number[]> {
  return new Map([...state.placed].map(([vm, { cpus }]) => [vm, cpus] as const).sort(([a], [b]) => byText(a, b)));
}
