/** ACRN 2.x (v2.0..v2.7) and 3.x (v3.0 and later) write scenarios differently. */
export type Dialect = "2.x" | "3.x";

/** One view of a scenario file, whatever its dialect. */
export interface Scenario {
  dialect: Dialect;
  /** Which element proved the dialect, for messages. */
  dialectEvidence: string;
  rdtEnabled: boolean;
  vms: VmView[];
}

export type LoadOrder = "pre-launched" | "service" | "post-launched";

export interface VmView {
  /** What users and field ids call it: its name, or `#<id>` where the file has no name (2.x post-launched VMs). */
  key: string;
  id: number;
  name?: string;
  load: LoadOrder;
  /** 3.x `vm_type` RTVM; 2.x PRE_RT_VM, POST_RT_VM, or GUEST_FLAG_RT. */
  realtime: boolean;
  lapicPassthrough: boolean;
  /** 3.2+ `own_pcpu` y. */
  ownPcpu: boolean;
  /** pCPU ids in file order; undefined when the element is absent (a 3.x Service VM: all that pre-launched VMs leave). */
  affinity?: number[];
  /** Line (from 1) of the VM's start tag, for messages. */
  line: number;
}

/** A launch script that the target has, with what can be read off it without running it. */
export interface LaunchScript {
  path: string;
  /** The VM's name, when the script gives it literally. */
  vm?: string;
  /** Arguments of `--cpu_affinity` / `add_cpus`, when literal: APIC ids (3.x) or pCPU ids (2.x). */
  cpus?: number[];
  /** Line (from 1) of those arguments. */
  line?: number;
}
