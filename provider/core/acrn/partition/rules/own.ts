import { coreTypeOf } from "../../../hardware/topology";
import { demandsRealtime, type Ground } from "../ground";
import type { Placement, Refusal } from "../types";
import { pcpus, refuse } from "../words";

/** Rules that look at the VMs of the map alone. */
export function ownRules(ground: Ground, placement: Placement): Refusal[] {
  return [...placement].flatMap(([vm, cpus]) => [
    ...bootPcpu(ground, vm, cpus),
    ...mixedTypes(ground, vm, cpus),
    ...sharedInMap(placement, vm, cpus),
  ]);
}

/** cpu_assignment rule "pCPU 0 in an RTVM" (v3.1+); the Service VM cannot give its cpu0 away (reference 1.5). */
function bootPcpu(ground: Ground, vm: string, cpus: readonly number[]): Refusal[] {
  if (!cpus.includes(0) || !demandsRealtime(ground, vm)) return [];
  const text = `${vm} may not have pCPU 0: it serves the hypervisor and the Service VM, and cannot be handed over`;
  return [refuse("pcpu0", vm, 0, text, "Choose another pCPU for it.")];
}

/** cpu_assignment rule "mixed core_type inside one VM". A core of unknown type proves nothing. */
function mixedTypes(ground: Ground, vm: string, cpus: readonly number[]): Refusal[] {
  const [p, e] = (["P", "E"] as const).map((type) => cpus.filter((id) => coreTypeOf(ground.topology, id) === type));
  if (!p?.length || !e?.length) return [];
  const text = `${vm} mixes P-cores (${pcpus(p)}) and E-cores (${pcpus(e)})`;
  return [refuse("mixed-types", vm, e[0], text, "ACRN refuses that in one VM: keep to one kind.")];
}

function sharedInMap(placement: Placement, vm: string, cpus: readonly number[]): Refusal[] {
  const earlier = [...placement].slice(0, [...placement.keys()].indexOf(vm));
  return earlier.flatMap(([other, theirs]) => {
    const both = cpus.filter((id) => theirs.includes(id));
    if (both.length === 0) return [];
    const text = `${pcpus(both)}: wanted by ${other} and by ${vm}`;
    return [refuse("twice", vm, both[0], text, "Give each pCPU to one VM.")];
  });
}
