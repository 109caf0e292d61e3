import type { Topology } from "../../../hardware/types";
import type { LaunchScript } from "../../types";
import type { CatCache } from "../caches";
import type { EffectiveState } from "../effective";
import type { ClosSettings, ClosVm } from "../types";

/** Something that ACRN builds without a word and that is not what was meant. */
export interface ClosFault {
  /** Stable, for programs: `clos.overlap`. */
  rule: string;
  /** `error`: the doors refuse it. `warning`: it may be meant. */
  severity: "error" | "warning";
  vm?: string;
  vcpu?: number;
  /** `L2 0x1`. */
  cache?: string;
  /** The masks at odds, as written. */
  masks?: readonly string[];
  /** Line of the scenario; 0: it is about nothing that is written there. */
  line: number;
  message: string;
  hint: string;
}

/** What every rule asks. */
export interface Ground {
  settings: ClosSettings;
  vms: readonly ClosVm[];
  topology: Topology;
  caches: readonly CatCache[];
  effective: EffectiveState;
  /** Ways that the GPU fills, by cache. */
  gpuWays(cache: CatCache): number;
  /** Launch scripts of the host, as far as they are known, and where VMs are known by their names. */
  scripts: readonly LaunchScript[];
}

export type Rule = (ground: Ground) => ClosFault[];
