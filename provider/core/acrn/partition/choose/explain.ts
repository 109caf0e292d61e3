import { formatCpuList } from "../../../hardware/cpu-set";
import type { Core } from "../../../hardware/types";
import { formerOf, type Ground, holders } from "../ground";
import { l2Outside } from "../rules/sharing";
import type { Refusal } from "../types";
import type { AutoWish } from "../wishes";
import { all, ascending, byText, count, pcpus, refuse } from "../words";
import { candidates } from "./candidates";
import { coreObstacle, type Level, l2Fits, type State, widest } from "./state";

/** Why an automatic choice came out as it did, and why not elsewhere. */
export function whyChosen(state: State, wish: AutoWish): string {
  const cpus = state.placed.get(wish.vm)?.cpus ?? [];
  const parts = [`${wanted(wish)}: ${pcpus(cpus)}, ${stayed(state, wish, cpus)}`, l2Words(state, wish.vm, cpus)];
  const from = state.ground.neighbours.filter((vm) => vm.cpus.some((id) => cpus.includes(id))).map((vm) => vm.key);
  if (from.length > 0) parts.push(`taken from ${all(from)}`);
  const others = elsewhere(state, wish, widest(state.ground));
  return parts.join(", ") + (others ? `; not ${others}` : "");
}

function stayed({ ground }: State, { vm }: AutoWish, cpus: readonly number[]): string {
  const same = (other: readonly number[] | undefined) => other && ascending(other).join() === cpus.join();
  if (same(formerOf(ground, vm))) return "its former choice, still legal";
  if (same(ground.vms.get(vm)?.affinity)) return "what the scenario gives it already";
  return cpus.length > new Set(cpus.map((id) => ground.core(id)[0])).size
    ? "all threads of whole cores"
    : "whole cores";
}

function l2Words(state: State, vm: string, cpus: readonly number[]): string {
  const outside = l2Outside(state.ground, cpus).flatMap((id) => holders(state.ground, state.taken, id));
  const names = [...new Set(outside)].filter((name) => name !== vm).sort(byText);
  return names.length === 0 ? "L2 shared with no stranger" : `L2 shared with ${all(names)} as allowed`;
}

function wanted({ cores, kind }: AutoWish): string {
  return count(cores, `${kind ? `${kind}-` : ""}core`);
}

/** No place for this wish beside those already placed: how many there are, which, and who has the rest. */
export function doesNotFit(state: State, wish: AutoWish): Refusal {
  const level = widest(state.ground);
  const good = freeCores(state, wish);
  const there =
    good.length === 0 ? "none is free" : `${good.length} ${good.length === 1 ? "is" : "are"} free (${cores(good)})`;
  const rest = elsewhere(state, wish, level);
  const text = `${wish.vm} wants ${wanted(wish)}, ${there}${good.length >= wish.cores ? ", but not together" : ""}${rest ? `; the rest: ${rest}` : ""}`;
  return refuse("does-not-fit", wish.vm, undefined, text, mend(state, wish));
}

function freeCores(state: State, wish: AutoWish): Core[] {
  return state.ground.topology.cores.filter((core) => !whyNot(state, wish, core, widest(state.ground)));
}

function mend(state: State, wish: AutoWish): string {
  const { ground } = state;
  const tries: string[] = [];
  if (wish.kind && ground.topology.cores.every((core) => core.type === "unknown"))
    return "The board file does not tell P-cores and E-cores apart: leave out `kind`.";
  const freed = { ...ground, input: { ...ground.input, neighbours: "evict" as const } };
  if (ground.input.neighbours === "refuse" && candidates({ ...state, ground: freed }, wish, widest(freed)).length > 0)
    tries.push('say neighbours: "evict"');
  const near = l2Strangers(state, wish);
  if (near.length > 0) tries.push(`accept a shared L2: sharing: { l2: ${JSON.stringify(near)} }`);
  // The search for a place beside all others is bounded: who knows a place may say it.
  if (freeCores(state, wish).length >= wish.cores) tries.push("name the pCPUs");
  return sentence([...tries, "ask for fewer cores", "free cores in the scenario"]);
}

function sentence(tries: readonly string[]): string {
  const text = tries.join(", or ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Who keeps free cores out of reach by sitting behind their L2. */
function l2Strangers(state: State, wish: AutoWish): string[] {
  const level = widest(state.ground);
  const near = state.ground.topology.cores
    .filter(
      (core) =>
        typeFits(wish, core) &&
        !coreObstacle(state, core.pcpus, level) &&
        !l2Fits(state, wish.vm, core.pcpus, level, true),
    )
    .flatMap((core) => l2Outside(state.ground, core.pcpus).flatMap((id) => holders(state.ground, state.taken, id)));
  return [...new Set(near)].sort(byText);
}

/** `0 (pCPU 0's core), 4-7 (E-cores)`: cores that the wish did not or could not get, with the reason. */
function elsewhere(state: State, wish: AutoWish, level: Level): string {
  const reasons = new Map<string, Core[]>();
  const own = state.placed.get(wish.vm)?.cpus ?? [];
  for (const core of state.ground.topology.cores) {
    const reason = core.pcpus.some((id) => own.includes(id)) ? undefined : whyNot(state, wish, core, level);
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), core]);
  }
  return [...reasons].map(([reason, list]) => `${cores(list)} (${reason})`).join(", ");
}

function whyNot(state: State, wish: AutoWish, core: Core, level: Level): string | undefined {
  if (!typeFits(wish, core)) return core.type === "unknown" ? "core type not known" : `${core.type}-core`;
  const taken = coreObstacle(state, core.pcpus, level);
  if (taken) return taken;
  if (wish.cores > 1 || l2Fits(state, wish.vm, core.pcpus, level, true)) return undefined;
  const near = l2Outside(state.ground, core.pcpus).flatMap((id) => holders(state.ground, state.taken, id));
  return `L2 shared with ${all([...new Set(near)].sort(byText))}`;
}

function typeFits(wish: AutoWish, core: Core): boolean {
  return !wish.kind || core.type === wish.kind;
}

function cores(list: readonly Core[]): string {
  return formatCpuList(list.flatMap((core) => core.pcpus));
}

/** Automatic choice needs to know what it promises: whole cores and caches of their own. */
export function notKnown(ground: Ground, wish: AutoWish): Refusal {
  const lacking = [
    ground.topology.coresKnown ? "" : "cores (SMT siblings)",
    ground.topology.cachesKnown ? "" : "caches (L2 sharing)",
  ];
  const text = `${wish.vm} wants ${wanted(wish)}, but the board file does not tell ${all(lacking.filter(Boolean))}`;
  const hint = "Name the pCPUs yourself, or make the board file again with ACRN's board inspector of v2.5 or later.";
  return refuse("unknown-topology", wish.vm, undefined, text, hint);
}
