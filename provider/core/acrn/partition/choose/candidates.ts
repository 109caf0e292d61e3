import type { Core, CoreType } from "../../../hardware/types";
import { holders } from "../ground";
import { l2Outside } from "../rules/sharing";
import type { AutoWish } from "../wishes";
import { coreObstacle, type Level, l2Fits, obstacle, type State } from "./state";

/** Boards with more different places than this are searched in part: the cheapest-looking groups come first. */
const MOST_CANDIDATES = 300;

/** Cores behind one L2, those of one class being interchangeable (same threads, same holders). */
interface Group {
  /** Groups of one signature are interchangeable too: of two equal ones the lower is used first. */
  signature: string;
  classes: Core[][];
  evicted: number;
}

/**
 * Places for one wish in the present state, best first: few evictions, few L2 strangers, P-cores before E-cores, low
 * ids. Interchangeable places are tried once, which keeps the search small on large, regular boards.
 */
export function candidates(state: State, wish: AutoWish, level: Level): number[][] {
  const types: CoreType[] = wish.kind ? [wish.kind] : ["P", "E", "unknown"];
  const must = state.must.get(wish.vm) ?? [];
  const found = types.flatMap((type, rank) =>
    ofType(state, wish, type, level)
      .filter((cpus) => must.every((id) => cpus.includes(id)))
      .map((cpus) => ({ cpus, cost: [evictions(state, cpus), strangers(state, cpus), rank, ...cpus] })),
  );
  return found.sort((a, b) => compare(a.cost, b.cost)).map(({ cpus }) => cpus);
}

/** By VM and pCPU: of two pCPUs the one that fewer neighbours share is the milder choice. */
function evictions(state: State, cpus: readonly number[]): number {
  return cpus.reduce((sum, id) => sum + state.ground.neighboursOn(id).length, 0);
}

function strangers(state: State, cpus: readonly number[]): number {
  return l2Outside(state.ground, cpus).filter((id) => holders(state.ground, state.taken, id).length > 0).length;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length || at < b.length; at++) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function ofType(state: State, wish: AutoWish, type: CoreType, level: Level): number[][] {
  const groups = groupsOf(state, type, level).map((group) => ({ group, takes: takes(state, wish, group, level) }));
  const reach = reachable(groups.map((each) => each.takes.map(({ cores }) => cores.length)));
  const out: number[][] = [];
  const walk = (at: number, missing: number, chosen: readonly Core[], last: ReadonlyMap<string, number>): void => {
    if (out.length >= MOST_CANDIDATES || !reach[at]?.has(missing)) return;
    const next = groups[at];
    if (!next) {
      out.push(chosen.flatMap((core) => core.pcpus).sort((a, b) => a - b));
      return;
    }
    const { signature } = next.group;
    for (const { cores, rank } of next.takes)
      if (rank >= (last.get(signature) ?? 0))
        walk(at + 1, missing - cores.length, [...chosen, ...cores], new Map(last).set(signature, rank));
  };
  walk(0, wish.cores, [], new Map());
  return out;
}

/** How many cores the groups from each one on can give together: no way is begun that cannot end. */
function reachable(sizes: readonly (readonly number[])[]): Set<number>[] {
  const reach = [new Set([0])];
  for (const options of [...sizes].reverse()) {
    const after = reach[0] as Set<number>;
    reach.unshift(new Set(options.flatMap((size) => [...after].map((sum) => sum + size))));
  }
  return reach;
}

/**
 * What one group can give this VM, most first: how many of each class, of a class the lowest ids. `rank` is the place
 * in the whole list, so that it means the same for all groups of one signature.
 */
function takes(state: State, wish: AutoWish, group: Group, level: Level): { cores: Core[]; rank: number }[] {
  const options = group.classes.reduce<Core[][]>(
    (sofar, same) => sofar.flatMap((taken) => [...same.map((_, n) => [...taken, ...same.slice(0, n + 1)]), taken]),
    [[]],
  );
  const fits = (cores: readonly Core[]) => {
    const cpus = cores.flatMap((core) => core.pcpus);
    return cores.length <= wish.cores && l2Fits(state, wish.vm, cpus, level, true);
  };
  return options
    .sort((a, b) => b.length - a.length)
    .map((cores, rank) => ({ cores, rank }))
    .filter(({ cores }) => fits(cores));
}

function groupsOf(state: State, type: CoreType, level: Level): Group[] {
  const { topology, l2 } = state.ground;
  const byL2 = new Map<number, Core[]>();
  for (const core of topology.cores) {
    const key = Math.min(...core.pcpus.flatMap((id) => l2(id)));
    byL2.set(key, [...(byL2.get(key) ?? []), core]);
  }
  return [...byL2.values()]
    .map((cores) => groupOf(state, cores, type, level))
    .filter((group) => group.classes.length > 0)
    .sort((a, b) => a.evicted - b.evicted || lowest(a) - lowest(b));
}

function lowest(group: Group): number {
  return Math.min(...group.classes.flat().flatMap((core) => core.pcpus));
}

function groupOf(state: State, cores: readonly Core[], type: CoreType, level: Level): Group {
  const classes = new Map<string, Core[]>();
  for (const core of cores) {
    if (core.type !== type || coreObstacle(state, core.pcpus, level)) continue;
    const key = describe(state, core);
    classes.set(key, [...(classes.get(key) ?? []), core]);
  }
  const usable = [...classes].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    signature: JSON.stringify([
      usable.map(([key, same]) => [key, same.length]),
      cores.map((core) => describe(state, core)).sort(),
    ]),
    classes: usable.map(([, same]) => same),
    evicted: evictions(
      state,
      cores.flatMap((core) => core.pcpus),
    ),
  };
}

/** All that legality can depend on: the type, per thread who holds it and whether it can be had, and whose script wants it. */
function describe(state: State, core: Core): string {
  const { ground, taken, must } = state;
  const threads = core.pcpus.map((id) => [
    holders(ground, taken, id),
    obstacle(state, id, { evict: ground.input.neighbours === "evict", shareL2: true }) ?? "",
    [...must].filter(([, ids]) => ids.includes(id)).map(([vm]) => vm),
  ]);
  return JSON.stringify([core.type, threads.map((thread) => JSON.stringify(thread)).sort()]);
}
