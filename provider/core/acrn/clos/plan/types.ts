import type { Topology } from "../../../hardware/types";
import type { LaunchScript } from "../../types";
import type { Share } from "../choose";
import type { ClosVm, Policy } from "../types";

/** With CDP the two may be apart. */
export type ShareOf = Share | { code: Share; data: Share };

export interface ClassWish {
  /** All vCPUs of a VM, or some of them. */
  vms: Readonly<Record<string, "all" | readonly number[]>>;
  l2?: ShareOf;
  l3?: ShareOf;
  exclusive: boolean;
  mba?: number;
}

export interface ClosDeclaration {
  classes: Readonly<Record<string, ClassWish>>;
  rest?: { l2?: Share; l3?: Share; mba?: number };
  /** A mask of the L3, or the board's own. */
  gpuWays?: string;
  cdp: boolean;
}

export interface ClosPlanInput {
  declaration: ClosDeclaration;
  topology: Topology;
  vms: readonly ClosVm[];
  /** The allocations that this declaration had until now: classes stay where they were. */
  former: readonly FormerAllocation[];
  /** `VCAT_ENABLED` of the scenario. @default false */
  vcat?: boolean;
  /** Launch scripts of the host that count by the names of their VMs. @default none is known */
  scripts?: readonly LaunchScript[];
}

/** One allocation as the field `scenario hv/CACHE_REGION` holds it. */
export interface FormerAllocation {
  level: number;
  id: string;
  policies: readonly Omit<Policy, "line">[];
}

/** One class on one cache. */
export interface ClassWays {
  /** Class, or `rest`; with CDP and apart `rt data`. */
  name: string;
  /** `L2 0x1`. */
  cache: string;
  width: number;
  mask: number;
  /** Undefined where the board does not tell the size. */
  bytes?: number;
  why: string;
}

export interface ClosRefusal {
  code: string;
  property: string;
  message: string;
  hint: string;
}

export interface ClosPlan {
  /** Empty where it is refused. */
  allocations: FormerAllocation[];
  /** CLOS id of each vCPU, by VM. */
  closIds: Record<string, number[]>;
  ways: ClassWays[];
  /** Ways that no class has because the hardware needs them, by cache: `GPU`, `SRAM`. */
  held: { cache: string; name: "GPU" | "SRAM"; mask: number }[];
  /** 2.x: what the lists hold instead of allocations. */
  lists?: { masks: string[]; delays?: string[] };
  refusals: ClosRefusal[];
  warnings: string[];
}

export function refused(refusals: ClosRefusal[]): ClosPlan {
  return { allocations: [], closIds: {}, ways: [], held: [], refusals, warnings: [] };
}
