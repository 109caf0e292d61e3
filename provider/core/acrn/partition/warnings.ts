import { siblings } from "../../hardware/topology";
import { demandsRealtime, type Ground, managed, scriptPcpus, takenBy } from "./ground";
import { ownMisfits, translatable } from "./rules/scripts";
import type { Eviction, Placement } from "./types";
import { vmNames } from "./wishes";
import { all, ascending, pcpus } from "./words";

/** What nobody can decide for the user, or what follows elsewhere from this partition. */
export function warnings(ground: Ground, placement: Placement, evicted: readonly Eviction[]): string[] {
  return [
    ...unchecked(ground, placement),
    ...[...placement].flatMap(([vm, cpus]) => ofVm(ground, vm, cpus)),
    ...rdt(ground, placement, evicted),
    ...scripts(ground, placement, evicted),
    ...ownMisfits(ground, placement),
    ...vuartTimer(ground, placement),
  ];
}

/** Explicit numbers are taken on trust where the board does not tell, and that is said. */
function unchecked({ topology, input }: Ground, placement: Placement): string[] {
  if (placement.size === 0) return [];
  const board = input.files?.board ?? "the board file";
  const out: string[] = [];
  if (topology.pcpus.length === 0)
    out.push(`T15: ${board} lists no pCPUs: whether those of \`vms\` exist is not checked`);
  if (!topology.coresKnown)
    out.push(
      `T15: ${board} does not tell cores: SMT siblings shared with another VM cannot be seen (whole cores: not checked)`,
    );
  if (!topology.cachesKnown)
    out.push(`T15: ${board} does not tell caches: an L2 shared with another VM cannot be seen (L2: not checked)`);
  return out;
}

function ofVm(ground: Ground, vm: string, cpus: readonly number[]): string[] {
  const view = ground.vms.get(vm);
  const out: string[] = [];
  if (!view)
    out.push(
      `the scenario has no VM ${vm} (it has ${all(vmNames(ground)) || "none"}): ${pcpus(cpus)} only reserved for it`,
    );
  if (cpus.length === 1 && demandsRealtime(ground, vm))
    out.push(`T10: ${vm} has one vCPU, which keeps house too: nothing can be isolated in it`);
  const [house, ...rest] = cpus;
  const beside = house === undefined ? [] : (siblings(ground.topology, house) ?? []).filter((id) => rest.includes(id));
  if (beside.length > 0)
    out.push(
      `T15: ${vm}: its housekeeping vCPU 0 (pCPU ${house}) is an SMT sibling of ${pcpus(beside)}, where real-time work runs; switch Hyper-Threading off in the BIOS`,
    );
  // The generated script takes pCPUs from the Service VM only for RTVMs, SCHED_NOOP and own_pcpu (reference 6.1).
  const stays = view?.load === "post-launched" && !view.ownPcpu && !demandsRealtime(ground, vm);
  if (stays && ground.serviceImplicit && ground.input.features?.scheduler !== "SCHED_NOOP")
    out.push(`T15: ${vm} is no RTVM and has no own_pcpu: the Service VM goes on running on ${pcpus(cpus)}`);
  return out;
}

/** CLOS ids are written per vCPU (2.x vcpu_clos) or per cache that covers the vCPU's pCPU (3.x POLICY): T04. */
function rdt(ground: Ground, placement: Placement, evicted: readonly Eviction[]): string[] {
  const { scenario, managedClasses } = ground.input;
  if (!scenario.rdtEnabled || managedClasses) return [];
  const after = new Map<string, readonly number[]>([...placement, ...evicted.map(({ vm, to }) => [vm, to] as const)]);
  return [...after].flatMap(([vm, cpus]) => {
    const before = ascending(ground.vms.get(vm)?.affinity ?? []);
    if (!ground.vms.has(vm) || before.join() === cpus.join()) return [];
    if (scenario.dialect === "2.x" && before.length === cpus.length) return [];
    const what =
      scenario.dialect === "2.x" ? "one `vcpu_clos` per vCPU" : "a POLICY per vCPU on every CAT cache that covers it";
    const change = before.length === cpus.length ? "other pCPUs" : `${cpus.length} instead of ${before.length} vCPUs`;
    return [`T04: RDT is enabled and ${vm} gets ${change}: its cache classes have to follow (${what})`];
  });
}

function scripts(ground: Ground, placement: Placement, evicted: readonly Eviction[]): string[] {
  const changed = new Set([...placement.keys(), ...evicted.map(({ vm }) => vm)]);
  const taken = takenBy(placement);
  return (ground.input.scripts ?? []).flatMap((script) => {
    if (script.line === undefined || (script.vm !== undefined && managed(ground.input, script.vm))) return [];
    const place = `${script.path}:${script.line}`;
    const who = script.vm ?? "a VM whose name is not literal";
    const concerned = script.vm === undefined ? changed.size > 0 : changed.has(script.vm);
    if (!script.cpus || script.vm === undefined || !translatable(ground))
      return concerned ? [`T15: ${place} starts ${who} on a CPU list that cannot be read off: see that it fits`] : [];
    const lost = ground.vms.has(script.vm) || changed.has(script.vm) ? [] : (scriptPcpus(ground.input, script) ?? []);
    const stolen = lost.filter((id) => taken.has(id));
    return stolen.length > 0
      ? [`T15: ${place} starts ${who}, which the scenario lacks, on ${pcpus(stolen)} of \`vms\``]
      : [];
  });
}

/** cpu_assignment rule on VUART_TIMER_PCPU (v3.3+); it concerns VMs with LAPIC passthrough. */
function vuartTimer(ground: Ground, placement: Placement): string[] {
  const timer = ground.input.features?.vuartTimerPcpu;
  const vm = timer === undefined ? undefined : takenBy(placement).get(timer);
  if (vm === undefined || !demandsRealtime(ground, vm)) return [];
  return [
    `T15: VUART_TIMER_PCPU is ${timer}, a pCPU of ${vm}: the vUART timer of all VMs would run there; set it to another`,
  ];
}
