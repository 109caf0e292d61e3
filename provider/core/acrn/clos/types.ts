import type { Dialect, LoadOrder } from "../types";

/** A text of the file with its line, as it stands there: ACRN compares texts, so `0x0f` is not `0xf`. */
export interface Said {
  text: string;
  /** From 1; 0: not from a file. */
  line: number;
}

/** `CACHE_ALLOCATION/POLICY`: this vCPU of this VM may fill these ways. */
export interface Policy {
  vm: string;
  vcpu: string;
  /** Unified; with CDP one Code and one Data. */
  type: string;
  mask: string;
  line: number;
}

/** `CACHE_REGION/CACHE_ALLOCATION`: the policies of one cache. */
export interface Allocation {
  level: number;
  /** As text in the board file. */
  id: string;
  policies: readonly Policy[];
  line: number;
}

/** All that a scenario says of cache classes. */
export interface ClosSettings {
  dialect: Dialect;
  rdt: boolean;
  cdp: boolean;
  vcat: boolean;
  /** Line of RDT_ENABLED, or of `hv`. */
  line: number;
  /** 3.x, in document order, which decides ids. */
  allocations: readonly Allocation[];
  /** 2.x `RDT/CLOS_MASK` and `RDT/MBA_DELAY`: the i-th belongs to CLOS i, on every cache. */
  masks: readonly Said[];
  delays: readonly Said[];
}

/** One VM with the cores that it has: vCPU i runs on `pcpus[i]` [hypervisor/arch/x86/guest/vm.c, lowest bit first]. */
export interface ClosVm {
  key: string;
  load: LoadOrder;
  realtime: boolean;
  lapicPassthrough: boolean;
  /** Ascending. */
  pcpus: readonly number[];
  /** 3.x `virtual_cat_support`. */
  vcat: boolean;
  /**
   * 3.x: which vCPUs are marked `real_time_vcpu`; undefined: none is, and nobody can tell them apart. ACRN's configurator proposes ways by it
   * [v3.3 configurator/src/lib/acrn.ts], nothing else reads it.
   */
  realtimeVcpus?: readonly boolean[];
  /** 2.x `clos`: the class of each vCPU. */
  clos?: readonly Said[];
  /** 0: not in the file. */
  line: number;
}

/** What ACRN's static allocator makes of the policies. */
export interface Allocated {
  /** CLOS ids of a VM, as `vcpu_clos` holds them; empty: it has no policy. */
  closOf(vm: string): readonly number[];
  /** Masks by CLOS (with CDP 2n is data, 2n + 1 code); undefined: the cache gets no list, so the hardware's default of all ways stays. */
  masksOf(level: number, id: string): readonly string[] | undefined;
  /** `number-of-clos-id-needed` of the rule in rdt_support.xsd. */
  needed: number;
}
