import type { Topology } from "../../hardware/types";
import { readScenario } from "../scenario/open";
import type { VmView } from "../types";
import { type SaidByVm, vmClos } from "./read";
import type { ClosVm } from "./types";

/** What other resources of the same run make of the VMs: it is not in the file yet, and may not be read from there. */
export interface Placed {
  /** pCPU ids by VM that count before the file's. */
  pcpus: Readonly<Record<string, readonly number[]>>;
  /** Real-time VMs that are there whether the file has them or not. */
  realtime: readonly string[];
  /** VMs of the file that go. @default none */
  leaving?: readonly string[];
  /** Real-time VMs of the file that will be none. @default none */
  standard?: readonly string[];
}

export const NOTHING_PLACED: Placed = { pcpus: {}, realtime: [] };

/**
 * Every VM with the cores of its vCPUs, ascending by key so that the place in the file means nothing. The Service VM
 * without an affinity has what pre-launched VMs leave (reference, section 2).
 */
export function closVms(text: string, file: string, topology: Topology, placed: Placed = NOTHING_PLACED): ClosVm[] {
  const { leaving = [], standard = [] } = placed;
  const vms = readScenario(text, file).vms.filter(({ key }) => !leaving.includes(key));
  const own = vmClos(text, file);
  const written = (vm: VmView) => (Object.hasOwn(placed.pcpus, vm.key) ? placed.pcpus[vm.key] : vm.affinity) ?? [];
  const taken = new Set(vms.filter((vm) => vm.load === "pre-launched").flatMap(written));
  const left = topology.pcpus.map(({ id }) => id).filter((id) => !taken.has(id));
  const found = vms.map((vm): ClosVm => {
    const pcpus = vm.load === "service" && written(vm).length === 0 ? left : written(vm);
    return {
      key: vm.key,
      load: vm.load,
      realtime: (vm.realtime && !standard.includes(vm.key)) || placed.realtime.includes(vm.key),
      lapicPassthrough: vm.lapicPassthrough,
      pcpus: ascending(pcpus),
      vcat: false,
      ...saidOf(own.get(vm.key), ascending(pcpus)),
      line: vm.line,
    };
  });
  const there = new Set(vms.map((vm) => vm.key));
  const fresh = placed.realtime.filter((key) => !there.has(key)).map((key) => inserted(key, placed));
  return [...found, ...fresh].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A pCPU that comes beside entries with marks gets one (see scenario/affinity-text.ts). */
function saidOf(said: SaidByVm | undefined, pcpus: readonly number[]): Partial<ClosVm> {
  if (!said) return {};
  const { realtime, ...rest } = said;
  const realtimeVcpus = realtime && pcpus.map((pcpu) => realtime.get(pcpu) ?? true);
  return realtimeVcpus?.includes(true) ? { ...rest, realtimeVcpus } : rest;
}

/** An RtVm inserts post-launched VMs only. */
function inserted(key: string, placed: Placed): ClosVm {
  const pcpus = ascending((Object.hasOwn(placed.pcpus, key) ? placed.pcpus[key] : undefined) ?? []);
  return { key, load: "post-launched", realtime: true, lapicPassthrough: true, pcpus, vcat: false, line: 0 };
}

function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
