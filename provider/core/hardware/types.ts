/** The hardware of a board as far as ACRN's board file tells it. What the file does not say is in `missing`, not guessed. */
export interface Topology {
  /** `acrn-config/@board`. */
  board?: string;
  /** Ascending by id. */
  pcpus: Pcpu[];
  /** Physical cores; a core with SMT has several pCPUs. */
  cores: Core[];
  caches: Cache[];
  pci: PciDevice[];
  /** MiB of all of its memory; undefined where the file does not tell (boards before v2.5). */
  memoryMb?: number;
  /** True only when the file has the `caches` part: without it nothing is known about sharing. */
  cachesKnown: boolean;
  /** True only when the file has the `processors` part: without it SMT siblings are not known. */
  coresKnown: boolean;
  /** 2.x `CLOS_INFO`, or derived from the CAT capabilities. */
  clos?: { resources: string[]; max: number[]; masks: string[] };
  /** Sentences: which part is missing and what cannot be decided without it. */
  missing: string[];
}

export type CoreType = "P" | "E" | "unknown";

export interface Pcpu {
  /** pCPU id: Linux native cpu number, `thread/cpu_id`, what scenario files name. */
  id: number;
  /** Local APIC id; hex in the board file, decimal in launch scripts. Undefined on boards before v2.5. */
  apicId?: number;
  /** Index into `Topology.cores`; undefined when the file does not tell cores apart. */
  core?: number;
  type: CoreType;
}

export interface Core {
  index: number;
  type: CoreType;
  /** SMT siblings, ascending. */
  pcpus: number[];
}

export interface Cache {
  level: number;
  /** As text in the board file, e.g. `0x2`; unique only per level and type. */
  id: string;
  /** 1 data, 2 instruction, 3 unified. */
  type: number;
  /** pCPU ids that share it, ascending. */
  pcpus: number[];
  ways?: number;
  /** Bytes. */
  size?: number;
  cat?: { maskLength: number; closNumber: number };
  cdp: boolean;
  /** Ways that Software SRAM locks (RTCT v2), as a mask: no class may have them. */
  sramWays?: number;
  /** Ways that the GPU fills (`GT Waymask`, RTCT v2), as a mask; ACRN cannot change them. */
  gpuWays?: number;
}

export interface PciDevice {
  /** `bb:dd.f`, lower-case hex. */
  bdf: string;
  /** The board's whole description string, as scenario files repeat it. */
  description: string;
  /** 0xCCSSPP. */
  class?: string;
  vendor?: string;
  device?: string;
  /** MSI or MSI-X capability. */
  msi: boolean;
}
