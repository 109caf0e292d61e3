import type * as pulumi from "@pulumi/pulumi";
import type { FeatureName } from "../provider/core/acrn/features/table";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import type { CorePartition } from "./core-partition";
import { Face } from "./face";

/** Arguments of {@link HypervisorFeatures}. What is left out is left as the scenario has it. */
export interface HypervisorFeaturesArgs {
  host: AcrnHost;
  /**
   * How vCPUs share a pCPU. `noop`: not at all, the least overhead; refused while two VMs have a pCPU in common, because the second would
   * never run. `bvt`: borrowed virtual time, fair shares. `iorr`: round robin, with preference for I/O. `prio` (2.7 and later): by the VMs' priorities.
   * @default "bvt" (ACRN's)
   */
  scheduler?: pulumi.Input<"noop" | "bvt" | "iorr" | "prio">;
  /**
   * A lock across two cache lines stalls the memory of every core. True: the processor raises #AC instead, and the hypervisor emulates the access while the
   * other vCPUs of that VM wait. 2.4 and later; up to 3.0 the scenario says the opposite. [v3.3 hypervisor/arch/x86/guest/lock_instr_emul.c]
   * @default false (ACRN's)
   */
  splitLockDetection?: pulumi.Input<boolean>;
  /** The same for locks on uncacheable memory, by #GP. 2.6 and later. @default false from 3.1 on, true before (ACRN's) */
  ucLockDetection?: pulumi.Input<boolean>;
  /**
   * T21. The workaround against a machine check on a change of page size maps guest code in 4 KiB pages alone: more TLB misses and exits. `off` needs
   * `trustAllGuestKernels`. Processors without the erratum are told apart at boot, and have no workaround in any case [v3.3 hypervisor/arch/x86/security.c].
   * @default "on" (ACRN's)
   */
  mcePageSizeWorkaround?: pulumi.Input<"on" | "off">;
  /**
   * `performance`: the highest frequency, with HWP as the processor chooses; `nominal`: the guaranteed one, always the same. 3.2 and later. Needs no
   * new image, but update-grub and a reboot.
   * @default "performance" (ACRN's)
   */
  cpuPerformancePolicy?: pulumi.Input<"performance" | "nominal">;
  /** Empties the L1 data cache before each VM entry (L1TF): every exit of a VM then costs its L1. @default false (ACRN's) */
  l1dFlushOnVmEntry?: pulumi.Input<boolean>;
  /** No interrupts while the hypervisor itself runs; idle pCPUs never halt (3.3 and later). 3.0 and later. @default false (ACRN's) */
  keepIrqDisabled?: pulumi.Input<boolean>;
  /**
   * The Service VM may stop real-time VMs. Its own reset then resets the whole machine at once, with every running real-time VM; a reboot inside a
   * real-time VM no longer does. 3.3 and later.
   * @default false (ACRN's)
   */
  serviceVmSupervisor?: pulumi.Input<boolean>;
  /** The Hyper-V interface that Windows guests need. @default true (ACRN's) */
  hyperv?: pulumi.Input<boolean>;
  /** No hypervisor from v2.0 to 3.4-dev reads it: written, and warned of. @default false (ACRN's) */
  iommuEnforceSnoop?: pulumi.Input<boolean>;
  /** `debug` has the hypervisor's shell and logs; it needs a serial console (3.x). `release` has neither. @default "debug" (ACRN's) */
  buildType?: pulumi.Input<"release" | "debug">;
  /** That every guest's kernel is one you trust: asked for by `mcePageSizeWorkaround: "off"`. @default false */
  trustAllGuestKernels?: pulumi.Input<boolean>;
  /**
   * The version of ACRN that the next image is built from, where scenario and installed image do not tell.
   * @default told by the elements of the scenario, and the installed image's name
   * @example acrnVersion: "3.3"
   */
  acrnVersion?: pulumi.Input<string>;
  /** The pCPUs that `scheduler` is judged by, where this program's CorePartition changes them. */
  partition?: CorePartition;
}

/**
 * Options of the hypervisor by one name across versions of ACRN (tip T21). One per host. Edits the scenario source; what is written
 * runs only after a new hypervisor image and a reboot, `cpuPerformancePolicy` after update-grub and a reboot: see `pending`.
 *
 * @example
 * new HypervisorFeatures("features", { host, mcePageSizeWorkaround: "off", trustAllGuestKernels: true, buildType: "release" });
 */
export class HypervisorFeatures extends Face {
  /** The element of the scenario by which each declared option is said. */
  declare readonly elements: pulumi.Output<Partial<Record<FeatureName, string>>>;
  /** Written, built and running, field by field, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: HypervisorFeaturesArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, partition, ...rest } = args;
    const cores = partition && { partition: { pcpus: partition.pcpus, evicted: partition.evicted } };
    const outputs = ["elements", "pending"];
    host.admit(name);
    super("HypervisorFeatures", "hypervisorFeatures", name, { host: host.settings, ...rest, ...cores }, outputs, opts);
    host.has(this);
  }
}
