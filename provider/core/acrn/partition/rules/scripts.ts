import { apicIdOf } from "../../../hardware/topology";
import type { LaunchScript } from "../../types";
import { type Ground, managed, scriptPcpus } from "../ground";
import type { Eviction, Placement, Refusal } from "../types";
import { ascending, pcpus, refuse } from "../words";

/**
 * A launch script may ask for fewer pCPUs than the scenario grants, never for others: then the hypervisor says
 * "chooses invalid pCPUs" and the VM does not start (reference section 7). Of an evicted neighbour nobody else would tell.
 */
export function scriptRules(ground: Ground, placement: Placement, evicted: readonly Eviction[]): Refusal[] {
  return misfits(ground, placement, new Map(evicted.map(({ vm, to }) => [vm, to])));
}

/** The same of the map's own VMs: an RtVm of the program may be what changes their scripts, so that is no reason to refuse. */
export function ownMisfits(ground: Ground, placement: Placement): string[] {
  return misfits(ground, placement, new Map(placement)).map(
    ({ message, hint }) =>
      `T15: ${message} once this is built. An RtVm (\`script: { edited: ... }\`) changes it; by hand: ${hint}`,
  );
}

function misfits(ground: Ground, placement: Placement, granted: ReadonlyMap<string, readonly number[]>): Refusal[] {
  return (ground.input.scripts ?? []).flatMap((script) => {
    const cpus = script.vm === undefined || managed(ground.input, script.vm) ? undefined : granted.get(script.vm);
    return cpus && script.cpus ? misfit(ground, script, script.vm as string, cpus, placement) : [];
  });
}

function misfit(
  ground: Ground,
  script: LaunchScript,
  vm: string,
  cpus: readonly number[],
  placement: Placement,
): Refusal[] {
  const asked = scriptPcpus(ground.input, script);
  if (asked === undefined && !translatable(ground)) return [];
  const outside = asked?.filter((id) => !cpus.includes(id));
  if (outside?.length === 0) return [];
  const place = script.line === undefined ? script.path : `${script.path}:${script.line}`;
  const list = script.cpus?.join(",");
  const text = `${place} starts ${vm} on ${numbering(ground)} ${list}; with ${pcpus(cpus)} in the scenario ACRN would refuse that`;
  const blamed = placement.has(vm) ? vm : (blame(ground, vm, placement) ?? vm);
  const hint = `Put ${numbers(ground, cpus)} there (${numbering(ground)}), or choose pCPUs that hold ${asked ? pcpus(asked) : "them"}.`;
  return [refuse("script-misfit", blamed, outside?.[0], text, hint)];
}

/** Which VM of the map takes a pCPU of the evicted one. */
function blame(ground: Ground, evicted: string, placement: Placement): string | undefined {
  const lost = ground.neighbours.find((vm) => vm.key === evicted)?.cpus ?? [];
  return [...placement].find(([, cpus]) => cpus.some((id) => lost.includes(id)))?.[0];
}

/** Without any APIC id in the board file a 3.x script's list cannot be judged: a warning says so. */
export function translatable(ground: Ground): boolean {
  return ground.input.scenario.dialect === "2.x" || ground.topology.pcpus.some((pcpu) => pcpu.apicId !== undefined);
}

/** `acrn-dm --cpu_affinity`: pCPU ids up to 2.7, decimal APIC ids from 3.0 on (reference 6.2). */
function numbering(ground: Ground): string {
  return ground.input.scenario.dialect === "2.x" ? "pCPU ids" : "APIC ids";
}

function numbers(ground: Ground, cpus: readonly number[]): string {
  if (ground.input.scenario.dialect === "2.x") return cpus.join(",");
  const apic = cpus.map((id) => apicIdOf(ground.topology, id));
  return apic.every((id) => id !== undefined) ? ascending(apic).join(" ") : `the APIC ids of ${pcpus(cpus)}`;
}
