import { allowed, type Ground, holders, takenBy } from "../ground";
import type { Placement, Refusal } from "../types";
import { ascending, byText, pcpus, refuse } from "../words";

type Kind = "smt" | "l2";

/** Whole cores, and no L2 with a stranger, unless allowed by name (T15, T04; reference section 7). */
export function sharingRules(ground: Ground, placement: Placement): Refusal[] {
  const taken = takenBy(placement);
  return [...placement].flatMap(([vm, cpus]) => [
    ...found(ground, taken, "smt", vm, cpus, siblingsOutside(ground, cpus)),
    ...found(ground, taken, "l2", vm, cpus, l2Outside(ground, cpus)),
  ]);
}

/** Other threads of the VM's cores. Empty where cores are not known: a warning speaks instead. */
export function siblingsOutside(ground: Ground, cpus: readonly number[]): number[] {
  return ascending(cpus.flatMap((id) => ground.core(id)).filter((id) => !cpus.includes(id)));
}

/** pCPUs of other cores behind the VM's L2 caches. Threads of its own cores are the SMT rule's matter. */
export function l2Outside(ground: Ground, cpus: readonly number[]): number[] {
  const own = new Set(cpus.flatMap((id) => ground.core(id)));
  return ascending(cpus.flatMap((id) => ground.l2(id)).filter((id) => !own.has(id)));
}

function found(
  ground: Ground,
  taken: ReadonlyMap<number, string>,
  kind: Kind,
  vm: string,
  cpus: readonly number[],
  outside: readonly number[],
): Refusal[] {
  const strangers = new Map<string, number[]>();
  for (const id of outside)
    for (const name of holders(ground, taken, id)) strangers.set(name, [...(strangers.get(name) ?? []), id]);
  return [...strangers]
    .filter(([name]) => name !== vm && !allowed(ground, kind, vm, name) && !toldAlready(ground, vm, name))
    .sort(([a], [b]) => byText(a, b))
    .map(([name, theirs]) => say(ground, kind, vm, cpus, name, theirs));
}

/** Of two VMs of the map that disturb each other, the first by name says it. */
function toldAlready(ground: Ground, vm: string, stranger: string): boolean {
  return Object.hasOwn(ground.input.wanted, stranger) && byText(stranger, vm) < 0;
}

function say(
  ground: Ground,
  kind: Kind,
  vm: string,
  cpus: readonly number[],
  other: string,
  theirs: number[],
): Refusal {
  const reach = kind === "smt" ? ground.core : ground.l2;
  const ours = cpus.filter((id) => reach(id).some((near) => theirs.includes(near)));
  const name = other === ground.service?.key ? `${other} (the Service VM)` : other;
  const whole = ascending([...ours, ...theirs]);
  if (kind === "smt") {
    const text = `${vm} shares a core with ${name}: ${pcpus(ours)} of ${vm} and ${pcpus(theirs)} are SMT siblings`;
    const hint = `Give ${vm} the whole core (${pcpus(whole)}), or none of it; to accept it, sharing: { smt: ["${other}"] }.`;
    return refuse("split-core", vm, ours[0], text, hint);
  }
  const text = `${vm} shares an L2 cache with ${name}: ${pcpus(ours)} of ${vm} and ${pcpus(theirs)} fill the same one`;
  const way = ground.topology.pcpus.every(({ id }) => whole.includes(id) || ground.l2(id).includes(whole[0] as number))
    ? "All pCPUs of this board share it"
    : `Give ${vm} all of ${pcpus(whole)}, or pCPUs behind another L2`;
  return refuse(
    "shared-l2",
    vm,
    ours[0],
    text,
    `${way}; to accept it, sharing: { l2: ["${other}"] } (and divide its ways: T04).`,
  );
}
