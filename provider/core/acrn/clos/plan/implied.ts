import { countWays, fullMask, without } from "../../../hardware/ways";
import { type CatCache, catCaches } from "../caches";
import type { Members } from "./members";
import { ownClass, type Seat } from "./seats";
import type { ClosPlanInput } from "./types";

/** A share that nobody declared. */
export interface Implied {
  ways: number;
  /** For people: why the class has it. */
  because: string;
}

/**
 * Classes of real-time VMs that have ways of their own in the L3, say nothing of this L2, and are on it beside a stranger: to cut the L3 alone
 * would help nobody (reference 7), so they have ways of their own here too, as many as their pCPUs are of the L2's.
 */
export function impliedOn(
  cache: CatCache,
  seats: readonly Seat[],
  input: ClosPlanInput,
  members: Members,
): ReadonlyMap<string, Implied> {
  const out = new Map<string, Implied>();
  const silent = Object.values(input.declaration.classes).some(({ l2, l3 }) => l2 === undefined && l3 !== undefined);
  if (cache.level !== 2 || !silent) return out;
  const l3 = new Set(catCaches(input.topology).flatMap(({ level, pcpus }) => (level === 3 ? pcpus : [])));
  const inL3 = ({ vm, vcpu }: Seat) =>
    l3.has(vm.pcpus[vcpu] as number) ? ownClass(input, members, 3, vm.key, vcpu) : undefined;
  const classes = seats.map((seat) => ({ seat, name: inL3(seat) }));
  for (const { seat, name } of classes) {
    if (name === undefined || out.has(name) || seat.own !== undefined || !seat.vm.realtime) continue;
    const strangers = classes.filter((other) => !other.seat.ghost && other.seat.vm !== seat.vm && other.name !== name);
    const [stranger] = strangers.map((other) => other.seat.vm.key).sort();
    if (stranger === undefined) continue;
    const mine = classes.flatMap((each) => (each.name === name ? [each.seat] : []));
    const because = `not declared: ${stranger} fills this L2 too, and the L3 is divided between them`;
    out.set(name, { ways: partOf(cache, mine), because });
  }
  return out;
}

function partOf(cache: CatCache, mine: readonly Seat[]): number {
  const ways = countWays(without(fullMask(cache.cat.maskLength), cache.sramWays ?? 0));
  const pcpus = new Set(mine.map(({ vm, vcpu }) => vm.pcpus[vcpu]));
  return Math.max(1, Math.min(ways - 1, Math.floor((ways * pcpus.size) / cache.pcpus.length)));
}
