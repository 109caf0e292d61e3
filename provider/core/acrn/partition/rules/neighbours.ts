import { type Ground, type Neighbour, serviceLeft, takenBy } from "../ground";
import type { Eviction, Placement, Refusal } from "../types";
import { all, byText, pcpus, refuse } from "../words";

/** Nobody outside the map keeps a pCPU of the map: refused, or evicted where that harms no one. */
export function neighbourRules(ground: Ground, placement: Placement): Refusal[] {
  const taken = takenBy(placement);
  return [
    ...[...placement].flatMap(([vm, cpus]) => ground.neighbours.flatMap((other) => occupied(ground, vm, cpus, other))),
    ...(ground.input.neighbours === "evict" ? ground.neighbours.flatMap((other) => starved(taken, other)) : []),
    ...serviceStarved(ground, placement, taken),
  ];
}

/** What neighbours lose. Fixed ones lose nothing: there the placement is refused. */
export function evictions(ground: Ground, placement: Placement): Eviction[] {
  if (ground.input.neighbours !== "evict") return [];
  const taken = takenBy(placement);
  return ground.neighbours
    .filter((vm) => !vm.fixed && vm.cpus.some((id) => taken.has(id)) && vm.cpus.some((id) => !taken.has(id)))
    .map((vm) => {
      const lost = vm.cpus.filter((id) => taken.has(id));
      const to = [...new Set(lost.map((id) => taken.get(id) as string))].sort(byText);
      const why = `${pcpus(lost)} ${lost.length === 1 ? "goes" : "go"} to ${all(to)}`;
      return { vm: vm.key, from: [...vm.cpus], to: vm.cpus.filter((id) => !taken.has(id)), why };
    });
}

function occupied(ground: Ground, vm: string, cpus: readonly number[], other: Neighbour): Refusal[] {
  const both = cpus.filter((id) => other.cpus.includes(id));
  if (both.length === 0) return [];
  if (other.fixed) {
    const code = other.fixed.includes("own_pcpu") ? "own-pcpu" : "neighbour-realtime";
    const text = `${pcpus(both)}: wanted by ${vm}, but of ${other.key}, which ${other.fixed} and is never evicted`;
    const hint = `Choose other pCPUs for ${vm}, or take ${other.key} into \`vms\` and give it others.`;
    return [refuse(code, vm, both[0], text, hint)];
  }
  if (ground.input.neighbours === "evict") return [];
  const line = ground.vms.get(other.key)?.line;
  const place = ground.input.files?.scenario ? ` (${ground.input.files.scenario}:${line})` : "";
  const text = `${pcpus(both)}: wanted by ${vm}, but also of ${other.key}${place}`;
  return [
    refuse("occupied", vm, both[0], text, `Say neighbours: "evict" to take it from ${other.key}, or choose others.`),
  ];
}

function starved(taken: ReadonlyMap<number, string>, other: Neighbour): Refusal[] {
  if (other.fixed || other.cpus.some((id) => !taken.has(id))) return [];
  const vm = taken.get(other.cpus[0] as number) as string;
  const text = `${other.key} would be left without a CPU: it only has ${pcpus(other.cpus)}`;
  const hint = `Leave it one, give it others in the scenario first, or take ${other.key} into \`vms\`.`;
  return [refuse("neighbour-starved", vm, other.cpus[0], text, hint)];
}

/** An explicit (2.x) Service VM is a neighbour like others: then `starved` or `occupied` has spoken already. */
function serviceStarved(ground: Ground, placement: Placement, taken: ReadonlyMap<number, string>): Refusal[] {
  const first = [...placement.keys()][0];
  if (first === undefined || !ground.serviceImplicit || serviceLeft(ground, taken)?.length !== 0) return [];
  const text = `no pCPU is left for the Service VM: ${all([...placement].map(([vm, cpus]) => `${vm} has ${pcpus(cpus)}`))}`;
  const hint = "Leave at least pCPU 0 out of `vms`, of pre-launched VMs and of VMs that own their pCPUs.";
  return [{ ...refuse("service-vm-starved", first, undefined, text, hint), property: "vms" }];
}
