import type { Topology } from "../../hardware/types";
import { formatMask, fullMask, parseMask } from "../../hardware/ways";
import { allocate, type VcpuOrder } from "./allocator";
import { type CatCache, catCaches } from "./caches";
import type { Allocated, ClosSettings, ClosVm } from "./types";

/** What one vCPU runs with on one cache. */
export interface Effective {
  vm: ClosVm;
  vcpu: number;
  pcpu: number;
  cache: CatCache;
  /** Unified; with CDP one of each. */
  type: "Unified" | "Data" | "Code";
  clos: number;
  /** As the hypervisor writes it, or the hardware's default; undefined where the text is no mask of at most 32 ways. */
  mask: number | undefined;
  text: string;
  /** No list gives it: all ways of the cache. */
  byDefault: boolean;
}

export interface EffectiveState {
  /** Empty when RDT is off or the board has no CAT: then every vCPU fills every way. */
  rows: Effective[];
  /** VMs without any CLOS id: the hypervisor divides by zero where one of their vCPUs is made. */
  without: ClosVm[];
  /** 3.x. */
  allocated: Allocated | undefined;
}

/**
 * The mask that every vCPU of every VM really has on every CAT cache that covers its pCPU: `vcpu_clos[i % count]` in 3.x
 * [hypervisor/arch/x86/guest/vmsr.c prepare_auto_msr_area], the i-th of its own list in 2.x, 0 where that ends.
 */
export function effectiveMasks(
  settings: ClosSettings,
  vms: readonly ClosVm[],
  topology: Topology,
  order: VcpuOrder = "number",
): EffectiveState {
  const caches = catCaches(topology);
  if (!settings.rdt || caches.length === 0) return { rows: [], without: [], allocated: undefined };
  const allocated = settings.dialect === "3.x" ? allocate(settings, vms, topology, order) : undefined;
  const ids = new Map(vms.map((vm) => [vm, idsOf(vm, settings, allocated)]));
  const rows = vms.flatMap((vm) => {
    const clos = ids.get(vm) as readonly number[];
    if (clos.length === 0) return [];
    return vm.pcpus.flatMap((pcpu, vcpu) => {
      const id = clos[vcpu % clos.length] as number;
      const covering = caches.filter((cache) => cache.pcpus.includes(pcpu));
      return covering.flatMap((cache) => rowsOf({ vm, vcpu, pcpu, cache, clos: id }, settings, allocated));
    });
  });
  return { rows, without: vms.filter((vm) => ids.get(vm)?.length === 0), allocated };
}

/** The generator counts `virtual_cat_number` elements instead of reading them: a VM with vCAT has one id (reference 2.1). */
function idsOf(vm: ClosVm, settings: ClosSettings, allocated: Allocated | undefined): readonly number[] {
  if (!allocated) return vm.pcpus.map((_, at) => Number(vm.clos?.[at]?.text ?? 0) || 0);
  const ids = allocated.closOf(vm.key);
  return settings.vcat && vm.vcat ? ids.slice(0, 1) : ids;
}

type Spot = Pick<Effective, "vm" | "vcpu" | "pcpu" | "cache" | "clos">;

function rowsOf(spot: Spot, settings: ClosSettings, allocated: Allocated | undefined): Effective[] {
  const { vm, vcpu, pcpu, cache, clos } = spot;
  const list = allocated ? allocated.masksOf(cache.level, cache.id) : settings.masks.map(({ text }) => text);
  const row = (type: Effective["type"], index: number): Effective => {
    const text = list?.[index];
    const given = text ?? formatMask(fullMask(cache.cat.maskLength));
    return { vm, vcpu, pcpu, cache, clos, type, mask: parseMask(given), text: given, byDefault: text === undefined };
  };
  if (!settings.cdp) return [row("Unified", clos)];
  return [row("Data", 2 * clos), row("Code", 2 * clos + 1)];
}
