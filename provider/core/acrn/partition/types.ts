import type { Topology } from "../../hardware/types";
import type { LaunchScript, Scenario } from "../types";

/** What one VM shall have: these pCPUs, or that many whole physical cores, to be chosen. */
export type CoreWish = readonly number[] | { readonly cores: number; readonly kind?: "P" | "E" };

/**
 * Strangers that a VM of the map may sit beside, by name. It is the *stranger* that is named: `l2: ["POST_STD_VM1"]`
 * says that an L2 cache may be shared with POST_STD_VM1, by whichever VM of the map. Between two VMs of the map it is
 * enough that one of them is named. The Service VM is named as in the scenario, or as `Service VM`.
 */
export interface Sharing {
  /** Strangers that may run on an SMT sibling of a pCPU of the map. */
  readonly smt?: readonly string[];
  /** Strangers that may share an L2 cache (`smt` does not imply it, except on that very core). */
  readonly l2?: readonly string[];
}

export interface PartitionInput {
  topology: Topology;
  /** Without this resource's own former claims. */
  scenario: Scenario;
  wanted: Readonly<Record<string, CoreWish>>;
  /** What happens to a VM outside the map that has a wanted pCPU. */
  neighbours: "refuse" | "evict";
  /** @default {} */
  sharing?: Sharing;
  /** What this resource chose before: an automatic choice stays there as long as that is legal. @default {} */
  former?: Readonly<Record<string, readonly number[]>>;
  /** @default [] */
  scripts?: readonly LaunchScript[];
  /** VMs whose launch script is claimed, so that it will be edited together with the cores. @default none */
  managedScripts?: ReadonlySet<string>;
  /** Cache classes are claimed, so that they follow the cores. @default false */
  managedClasses?: boolean;
  /** `hv` options that cores depend on, where known (readScenarioFeatures). */
  features?: { scheduler?: string; vuartTimerPcpu?: number };
  /** Names of the files for messages. */
  files?: { scenario?: string; board?: string };
}

/** vCPU i of a VM runs on its i-th smallest pCPU, whatever the file order [hypervisor/arch/x86/guest/vm.c]. */
export interface VcpuPlace {
  vcpu: number;
  pcpu: number;
  /** Missing where the board file does not tell. */
  apicId?: number;
}

export interface Assignment {
  vm: string;
  /** Ascending. */
  pcpus: number[];
  /** In the order of `pcpus`; undefined where the board file does not tell. */
  apicIds: (number | undefined)[];
  vcpuMap: VcpuPlace[];
  /** Guest CPU list (vCPU numbers) of the CPUs for real-time work: see guestLists. */
  rtCpus: string;
  /** Guest CPU list of the CPUs for everything else. */
  housekeepingCpus: string;
  /** The scenario lacks the VM: its cores are only kept for it. */
  reserved: boolean;
  /** Why those pCPUs. */
  why: string;
}

/** A VM outside the map that gives pCPUs away. Both lists ascending. */
export interface Eviction {
  vm: string;
  from: number[];
  to: number[];
  why: string;
}

export interface Refusal {
  /** Row of the table of tips (`T15`). */
  tip: string;
  code: string;
  vm: string;
  pcpu?: number;
  /** The argument at fault: `vms.POST_RT_VM1`. */
  property: string;
  message: string;
  /** What to do. */
  hint: string;
}

export interface PartitionResult {
  /** By VM name. A VM for which nothing could be chosen is missing, and refused. */
  assignments: Assignment[];
  evictions: Eviction[];
  refusals: Refusal[];
  warnings: string[];
}

/** pCPUs (ascending) by VM. */
export type Placement = ReadonlyMap<string, readonly number[]>;
