/** Short descriptions of boards and scenarios: what tests and the lab write, and what the builders turn into files. */

export type Dialect = "2.x" | "3.x";

export interface CoreSpec {
  /** @default "P" */
  type?: "P" | "E";
  /** SMT threads. @default 1 */
  threads?: 1 | 2;
}

export interface CatSpec {
  /** Ways that a mask can choose from. @default the ways of the cache */
  maskLength?: number;
  /** @default 8 */
  clos?: number;
  /** Code and data apart. @default false */
  cdp?: boolean;
}

export interface CacheSpec {
  /** @default 20 (L2), 12 (L3) */
  ways?: number;
  /** Bytes. @default 65536 for each way (L2), 1 MiB for each way (L3) */
  size?: number;
  /** Allocation by CAT; `true` = its defaults. @default none */
  cat?: CatSpec | boolean;
}

export interface L3Spec extends CacheSpec {
  /** Ways that the GPU fills too: `parameter[@id='GT Waymask']` of boards with RTCT v2. */
  gtWayMask?: string;
}

export interface PciSpec {
  /** `bb:dd.f`, lower-case hex. A device behind bus 0 gets a bridge of its own. */
  bdf: string;
  /** 0xCCSSPP. */
  class: string;
  /** As lspci words it, without BDF: `Ethernet controller: Example Corporation NIC (rev 03)`. */
  description: string;
  msi: boolean;
  /** @default "0x8086" */
  vendor?: string;
  /** @default made from the BDF */
  device?: string;
}

export interface BoardSpec {
  name: string;
  /** Who wrote the file: board_inspector of 2.x (v2.5) or of 3.x. @default "3.x" */
  dialect?: Dialect;
  /** False: texts alone, as up to v2.4. @default true */
  structured?: boolean;
  /** One entry a core; or the short form below. */
  cores?: CoreSpec[];
  /** Short form: P cores. @default 4 when there is no other count */
  pCores?: number;
  /** Short form: E cores, after the P cores. */
  eCores?: number;
  /** Short form: the P cores have two threads. */
  smt?: boolean;
  /** Core types are told. @default true when there is an E core */
  hybrid?: boolean;
  /** Linux numbers SMT siblings last (`0,4`), on hybrid parts one after the other (`0,1`). @default by `hybrid` */
  numbering?: "siblings-last" | "siblings-together";
  /** pCPUs that share an L2, for P cores; never less than the threads of a core. @default 1 */
  l2SharedBy?: 1 | 2 | 4;
  /** The same for E cores. @default 4 */
  eClusterSize?: 1 | 2 | 4;
  l2?: CacheSpec;
  /** L2 of the E clusters where it differs, as on real parts. @default `l2` */
  eL2?: CacheSpec;
  /** False: no L3 at all. @default an L3 over all pCPUs, without CAT */
  l3?: L3Spec | false;
  /** APIC ids from core to core. @default 8 on hybrid parts, else 2 */
  apicStep?: 1 | 2 | 4 | 8;
  /** @default a VGA controller, a USB controller, and two Ethernet controllers, one of them without MSI */
  pci?: PciSpec[];
  /** Megabytes. @default 16384 */
  memoryMb?: number;
}

export type VmKind = "pre-rt" | "pre" | "service" | "post-rt" | "post";

export interface VmSpec {
  /** @default made from kind and position; absent for post-launched VMs of v2.5 */
  name?: string;
  kind: VmKind;
  /** pCPU ids, written in this order. Ignored for a 3.x Service VM, which may carry none. */
  cpus: number[];
  /** @default 1024 */
  memoryMb?: number;
  /** 3.2+ `own_pcpu`. */
  ownPcpu?: boolean;
  /** LAPIC passthrough. @default true for RTVMs */
  lapic?: boolean;
  /** Whole description strings, as the board has them. */
  pci?: string[];
  /** 2.x `vcpu_clos`, one a vCPU. @default all 0 */
  clos?: number[];
}

export interface PolicySpec {
  vm: string;
  vcpu: number;
  /** @default "Unified" */
  type?: "Unified" | "Code" | "Data";
  mask: string;
}

export interface RdtSpec {
  enabled: boolean;
  cdp?: boolean;
  vcat?: boolean;
  /** 2.x: the i-th mask belongs to CLOS i. */
  masks?: string[];
  /** 2.x: the i-th delay belongs to CLOS i. */
  mbaDelays?: number[];
  /** 3.x: `CACHE_REGION`. */
  allocations?: { level: 2 | 3; id: string; policies: PolicySpec[] }[];
}

export interface ScenarioSpec {
  /** @default "3.x" */
  dialect?: Dialect;
  /** @default "3.3" or "2.5" by dialect */
  version?: "2.5" | "2.7" | "3.0" | "3.3";
  name: string;
  /** The board's name, for the root attributes of 2.x. */
  board: string;
  vms: VmSpec[];
  rdt?: RdtSpec;
  /** @default "SCHED_BVT" */
  scheduler?: string;
  /** @default "\n" */
  eol?: "\n" | "\r\n";
  /** A byte order mark at the start. */
  bom?: boolean;
  /** @default two blanks */
  indent?: string;
  /** Comments in places where people put them. */
  comments?: boolean;
}
