import { dataCaches, pcpuWithApicId, siblings } from "../../hardware/topology";
import type { Topology } from "../../hardware/types";
import type { LaunchScript, VmView } from "../types";
import type { PartitionInput } from "./types";
import { ascending, byText } from "./words";

/** A VM outside the map that has pCPUs of its own in the scenario (a 2.x Service VM among them). */
export interface Neighbour {
  key: string;
  cpus: readonly number[];
  /** It may not be evicted: why, as the rest of a sentence about it. */
  fixed: string | undefined;
  /** The Service VM loses these pCPUs: removed by the launch script, or never its own (pre-launched). */
  fromService: boolean;
  /** pCPUs that its launch script asks for literally: evicting it there would break the script. */
  bound: readonly number[];
}

/** What rules and choice ask of the input, worked out once. */
export interface Ground {
  input: PartitionInput;
  topology: Topology;
  vms: ReadonlyMap<string, VmView>;
  neighbours: readonly Neighbour[];
  /** Those that have this pCPU. */
  neighboursOn(pcpu: number): readonly Neighbour[];
  service: VmView | undefined;
  /** No affinity is written for the Service VM: it has whatever pre-launched VMs leave (reference section 2). */
  serviceImplicit: boolean;
  /** Threads of the pCPU's core, itself included; itself alone where cores are not known. */
  core(pcpu: number): readonly number[];
  /** pCPUs that share an L2 with it, itself included. */
  l2(pcpu: number): readonly number[];
}

/** Name under which `sharing` may speak of the Service VM, whatever the scenario calls it. */
export const SERVICE_VM = "Service VM";

export function survey(input: PartitionInput): Ground {
  const { topology, scenario } = input;
  const vms = new Map(scenario.vms.map((vm) => [vm.key, vm]));
  const service = scenario.vms.find((vm) => vm.load === "service");
  const { threads, l2 } = reachOf(topology);
  const neighbours = neighboursOf(input);
  const there = new Map<number, Neighbour[]>();
  for (const vm of neighbours) for (const pcpu of vm.cpus) there.set(pcpu, [...(there.get(pcpu) ?? []), vm]);
  return {
    input,
    topology,
    vms,
    service,
    serviceImplicit: service !== undefined && !service.affinity?.length,
    neighbours,
    neighboursOn: (pcpu) => there.get(pcpu) ?? [],
    core: (pcpu) => threads.get(pcpu) ?? [pcpu],
    l2: (pcpu) => l2.get(pcpu) ?? [pcpu],
  };
}

function neighboursOf(input: PartitionInput): Neighbour[] {
  return input.scenario.vms
    .filter((vm) => vm.affinity?.length && !Object.hasOwn(input.wanted, vm.key))
    .map((vm) => neighbour(input, vm))
    .sort((a, b) => byText(a.key, b.key));
}

/** Who is near each pCPU. */
interface Reach {
  threads: ReadonlyMap<number, readonly number[]>;
  l2: ReadonlyMap<number, readonly number[]>;
}

/** Hosts of one make share their topology (core/acrn/board.ts). */
const reaches = new WeakMap<Topology, Reach>();

function reachOf(topology: Topology): Reach {
  const known = reaches.get(topology);
  if (known) return known;
  const threads = new Map(topology.pcpus.map(({ id }) => [id, siblings(topology, id) ?? [id]]));
  const reach = { threads, l2: l2Table(topology) };
  reaches.set(topology, reach);
  return reach;
}

function l2Table(topology: Topology): Map<number, number[]> {
  const table = new Map<number, number[]>();
  for (const cache of dataCaches(topology, 2))
    for (const pcpu of cache.pcpus) table.set(pcpu, ascending([...(table.get(pcpu) ?? []), ...cache.pcpus]));
  return table;
}

function neighbour(input: PartitionInput, vm: VmView): Neighbour {
  const scripts = managed(input, vm.key) ? [] : (input.scripts ?? []).filter((script) => script.vm === vm.key);
  return {
    key: vm.key,
    cpus: ascending(vm.affinity ?? []),
    fixed: fixedBy(vm),
    fromService: vm.load === "pre-launched" || fixedBy(vm) !== undefined,
    bound: scripts.flatMap((script) => scriptPcpus(input, script) ?? []),
  };
}

/** pCPUs of these VMs cannot be shared or taken (reference sections 5, 7). */
function fixedBy(vm: VmView): string | undefined {
  if (vm.realtime) return "is a real-time VM";
  if (vm.lapicPassthrough) return "has LAPIC passthrough";
  if (vm.ownPcpu) return "holds its pCPUs by own_pcpu";
  return undefined;
}

export function managed(input: PartitionInput, vm: string): boolean {
  return input.managedScripts?.has(vm) ?? false;
}

/** The pCPUs of a script's literal list; undefined when it has none, or when APIC ids cannot be translated. */
export function scriptPcpus(input: PartitionInput, script: LaunchScript): number[] | undefined {
  if (!script.cpus || input.scenario.dialect === "2.x") return script.cpus;
  const ids = script.cpus.map((apic) => pcpuWithApicId(input.topology, apic));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

/** Who runs on a pCPU once the VMs in `taken` have theirs. Nobody: an empty list. */
export function holders(ground: Ground, taken: ReadonlyMap<number, string>, pcpu: number): string[] {
  const owner = taken.get(pcpu);
  if (owner !== undefined) return [owner];
  const others = ground.neighboursOn(pcpu).map((vm) => vm.key);
  if (others.length > 0) return others;
  return ground.service && ground.serviceImplicit ? [ground.service.key] : [];
}

/** May `vm` of the map sit beside `stranger`, who was named (see Sharing)? */
export function allowed(ground: Ground, kind: "smt" | "l2", vm: string, stranger: string): boolean {
  const names = ground.input.sharing?.[kind] ?? [];
  if (names.includes(stranger)) return true;
  if (stranger === ground.service?.key) return names.includes(SERVICE_VM);
  return Object.hasOwn(ground.input.wanted, stranger) && names.includes(vm);
}

/** VMs that the scenario lacks count as real-time: cores are only reserved for RTVMs to come. */
export function demandsRealtime(ground: Ground, key: string): boolean {
  const vm = ground.vms.get(key);
  return !vm || vm.realtime || vm.lapicPassthrough;
}

/** pCPUs on which the Service VM can still run. Undefined: there is none, or the board does not list its pCPUs. */
export function serviceLeft(ground: Ground, taken: ReadonlyMap<number, string>): number[] | undefined {
  const { service, topology } = ground;
  if (!service || topology.pcpus.length === 0) return undefined;
  const pool = ground.serviceImplicit ? topology.pcpus.map((pcpu) => pcpu.id) : ascending(service.affinity ?? []);
  const lost = ground.neighbours.filter((vm) => vm.fromService);
  return pool.filter((pcpu) => !taken.has(pcpu) && !lost.some((vm) => vm.cpus.includes(pcpu)));
}

/** Who has each pCPU of a placement. Of two VMs on one pCPU the first by name counts; the rule names both. */
export function takenBy(placement: Iterable<readonly [string, readonly number[]]>): Map<number, string> {
  const taken = new Map<number, string>();
  for (const [vm, cpus] of placement) for (const pcpu of cpus) if (!taken.has(pcpu)) taken.set(pcpu, vm);
  return taken;
}

/** What this resource had chosen for the VM before; names are data, so `__proto__` is one like others. */
export function formerOf({ input }: Ground, vm: string): readonly number[] | undefined {
  return input.former && Object.hasOwn(input.former, vm) ? input.former[vm] : undefined;
}
