import type * as pulumi from "@pulumi/pulumi";
import type { VcpuPlace } from "../provider/core/acrn/partition";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import { Face } from "./face";

/** Arguments of {@link CorePartition}. */
export interface CorePartitionArgs {
  host: AcrnHost;
  /**
   * By VM name (`#<id>` for a VM of a 2.x scenario that has none): its pCPU ids, or how many whole physical cores it
   * shall have, to be chosen. pCPU ids are Linux CPU numbers of the board (`cpu_id`), never APIC ids.
   * @example vms: { POST_RT_VM1: [2, 3], POST_RT_VM2: { cores: 1, kind: "P" } }
   */
  vms: pulumi.Input<Record<string, pulumi.Input<CoreWish>>>;
  /**
   * What happens to another VM that has one of those pCPUs: `refuse` says so and plans nothing; `evict` takes the pCPU
   * from it, never its last one, and never from another real-time VM.
   * @default "refuse"
   */
  neighbours?: pulumi.Input<"refuse" | "evict">;
  /**
   * VMs that may stay close although it costs determinism, by name (`Service VM` for the Service VM): on the other SMT
   * thread of a core (`smt`), or on the same L2 cache (`l2`).
   * @default none
   * @example sharing: { l2: ["POST_STD_VM1"] }
   */
  sharing?: pulumi.Input<{ smt?: pulumi.Input<pulumi.Input<string>[]>; l2?: pulumi.Input<pulumi.Input<string>[]> }>;
}

export type CoreWish = pulumi.Input<number>[] | { cores: pulumi.Input<number>; kind?: pulumi.Input<"P" | "E"> };

/**
 * Which pCPUs each named VM has, exclusively (tip T15). One per host. Edits `cpu_affinity` in the scenario source;
 * what is written runs only after a new hypervisor image, a reboot and a launch: see `pending`.
 *
 * @example
 * const cores = new CorePartition("cores", { host, vms: { POST_RT_VM1: [2, 3] } });
 * export const isolcpus = cores.rtCpus.apply((cpus) => cpus.POST_RT_VM1);
 */
export class CorePartition extends Face {
  /** pCPU ids by VM, ascending. */
  declare readonly pcpus: pulumi.Output<Record<string, number[]>>;
  /** Local APIC ids by VM, in the order of `pcpus`: what 3.x launch scripts and `acrn-dm --cpu_affinity` name. */
  declare readonly apicIds: pulumi.Output<Record<string, number[]>>;
  /** vCPU i runs on the i-th smallest pCPU id. */
  declare readonly vcpuMap: pulumi.Output<Record<string, VcpuPlace[]>>;
  /** Guest CPU list for real-time work, e.g. `1-3`: what `isolcpus=` wants. */
  declare readonly rtCpus: pulumi.Output<Record<string, string>>;
  /** Guest CPU list for everything else, e.g. `0`: what `irqaffinity=` wants. */
  declare readonly housekeepingCpus: pulumi.Output<Record<string, string>>;
  /** What evicted neighbours keep. */
  declare readonly evicted: pulumi.Output<Record<string, number[]>>;
  /** Written, built and running, field by field, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: CorePartitionArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    const outputs = ["pcpus", "apicIds", "vcpuMap", "rtCpus", "housekeepingCpus", "evicted", "pending"];
    host.admit(name);
    super("CorePartition", "corePartition", name, { host: host.settings, ...rest }, outputs, opts);
    host.has(this);
  }
}
