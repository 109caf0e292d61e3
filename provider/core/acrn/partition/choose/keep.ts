import { coreTypeOf } from "../../../hardware/topology";
import { formerOf } from "../ground";
import type { AutoWish } from "../wishes";
import { ascending } from "../words";
import { coreObstacle, l2Fits, type State, widest } from "./state";

/**
 * What this VM had before, if it still is an answer to the wish: what this resource chose last, else what the scenario
 * gives it. Moving a VM costs a hypervisor build and a reboot, so staying comes before any better place.
 */
export function keepable(state: State, wish: AutoWish): number[] | undefined {
  const { ground } = state;
  return [formerOf(ground, wish.vm), ground.vms.get(wish.vm)?.affinity]
    .map((cpus) => ascending(cpus ?? []))
    .find((cpus) => answers(state, wish, cpus));
}

function answers(state: State, wish: AutoWish, cpus: readonly number[]): boolean {
  const { ground } = state;
  if (cpus.length === 0 || cpus.some((id) => !ground.topology.pcpus.some((pcpu) => pcpu.id === id))) return false;
  const cores = new Set(cpus.map((id) => ground.core(id)[0]));
  const whole = cpus.every((id) => ground.core(id).every((thread) => cpus.includes(thread)));
  const types = new Set(cpus.map((id) => coreTypeOf(ground.topology, id)));
  if (!whole || cores.size !== wish.cores || types.size !== 1 || (wish.kind && !types.has(wish.kind))) return false;
  const must = state.must.get(wish.vm) ?? [];
  if (!must.every((id) => cpus.includes(id))) return false;
  return !coreObstacle(state, cpus, widest(ground)) && l2Fits(state, wish.vm, cpus, widest(ground), true);
}
