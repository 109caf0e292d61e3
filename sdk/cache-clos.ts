import type * as pulumi from "@pulumi/pulumi";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import type { CorePartition } from "./core-partition";
import { Face } from "./face";
import type { RtVm } from "./rt-vm";

/** Arguments of {@link CacheClos}. */
export interface CacheClosArgs {
  host: AcrnHost;
  /**
   * By name: which vCPUs are together, and what they get of each cache.
   * @example classes: { rt: { vms: { POST_RT_VM1: "all" }, l2: "512K", l3: 4 } }
   */
  classes: pulumi.Input<Record<string, pulumi.Input<CacheClass>>>;
  /**
   * What everyone else gets, the Service VM and the hypervisor itself among them: a share of every cache, or one of each level.
   * @default all ways that no exclusive class has, as far as they are in one run
   */
  rest?: pulumi.Input<CacheShare | { l2?: CacheShare; l3?: CacheShare; mba?: number }>;
  /**
   * Ways that the GPU fills, which ACRN cannot change: exclusive classes keep clear of them. A mask of the L3, or `board` for what the board
   * file tells (`GT Waymask`). One that names no way of the L3 is refused.
   * @default none; a warning where the board tells of ways that a real-time VM has too (as where fewer are given)
   */
  gpuWays?: pulumi.Input<string>;
  /** Code and data apart (CDP), where every L2 and L3 of the board has it. 3.x only. @default false */
  cdp?: pulumi.Input<boolean>;
  /** The CorePartition of this program: the pCPUs that it gives to VMs decide whose caches they are on. */
  partition?: CorePartition;
  /**
   * RtVms of this program: a VM that is not in the scenario yet gets its policies with it. One that is there by an RtVm alone, and neither passed
   * nor in a class, is taken to leave.
   */
  rtVms?: RtVm[];
}

/** One class of service. */
export interface CacheClass {
  /** Per VM all vCPUs, or some of them; those that are named nowhere are of the rest, unless the scenario marks them `real_time_vcpu`: that is refused. */
  vms: Record<string, "all" | number[]>;
  /**
   * Share of each L2 that one of them is on.
   * @default what the rest has; of an L2 with a stranger on it, for a real-time VM with a share of the L3, as many ways as its pCPUs are of the L2's
   */
  l2?: CacheShare | { code: CacheShare; data: CacheShare };
  /** Share of the L3. @default what the rest has */
  l3?: CacheShare | { code: CacheShare; data: CacheShare };
  /** Its ways are nobody else's; a class with a real-time VM has to be. @default true */
  exclusive?: boolean;
  /** Delay of memory bandwidth in percent, 0 to 90 by tens. ACRN 2.x only (tip T05). */
  mba?: number;
}

/** A mask (`"0xff0"`), a number of ways, or bytes (`"512K"`, `"2M"`), which are rounded up to whole ways. */
export type CacheShare = string | number;

/**
 * The classes of service of a host (tips T04, T05): cache ways that are a class's alone. One per host. Numbers become masks by themselves: in
 * one run, clear of other classes, of the GPU and of Software SRAM, and where they were before, if that is possible. Every vCPU
 * of every VM gets its policy, since ACRN gives a vCPU without one another's. What is written runs after a new
 * hypervisor image and a reboot: see `pending`.
 *
 * @example
 * const clos = new CacheClos("clos", { host, partition: cores, rtVms: [rt], classes: { rt: { vms: { POST_RT_VM1: "all" }, l3: 4 } } });
 * export const picture = clos.picture;
 */
export class CacheClos extends Face {
  /** CLOS id of each vCPU, by VM. */
  declare readonly closIds: pulumi.Output<Record<string, number[]>>;
  /** By class (`rest` for everyone else) and cache (`L2 0x1`). */
  declare readonly masks: pulumi.Output<Record<string, Record<string, string>>>;
  /** The same as way numbers: `8-11`. */
  declare readonly ways: pulumi.Output<Record<string, Record<string, string>>>;
  /** The same in bytes, where the board tells the size of the cache. */
  declare readonly bytes: pulumi.Output<Record<string, Record<string, number>>>;
  /** The caches as text: one row a class, one column a way. */
  declare readonly picture: pulumi.Output<string>;
  /** Written, built and running, field by field, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: CacheClosArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, partition, rtVms, ...rest } = args;
    const cores = partition && { partition: { pcpus: partition.pcpus, evicted: partition.evicted } };
    const vms = rtVms && { rtVms: rtVms.map((vm) => ({ name: nameOf(vm), pcpus: vm.pcpus })) };
    const outputs = ["closIds", "masks", "ways", "bytes", "picture", "pending"];
    host.admit(name);
    super("CacheClos", "cacheClos", name, { host: host.settings, ...rest, ...cores, ...vms }, outputs, opts);
    host.has(this);
  }
}

/** An argument of the RtVm, which is a property of the resource as every argument is. */
function nameOf(vm: RtVm): pulumi.Output<string> {
  return (vm as unknown as { name: pulumi.Output<string> }).name;
}
