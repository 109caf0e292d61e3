import type * as pulumi from "@pulumi/pulumi";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import type { CorePartition } from "./core-partition";
import { Face } from "./face";

/** Arguments of {@link RtVm}. */
export interface RtVmArgs {
  host: AcrnHost;
  /** As acrn-dm and the scenario name it: 1 to 15 letters, digits, `_` and `-`. */
  name: pulumi.Input<string>;
  /** Which has the VM's pCPUs: `vms` of it must name this VM. */
  partition: CorePartition;
  /**
   * `pre-launched` (3.x): a VM that the hypervisor starts itself, and that the scenario has. It is adopted: pCPUs, LAPIC passthrough and memory, which
   * need a new image, and `bootArgs`, which do not. It has no script, no autostart, no devices of acrn-dm.
   * @default "post-launched"
   */
  load?: pulumi.Input<"post-launched" | "pre-launched">;
  /**
   * Kernel arguments of a pre-launched VM, all of them: they take the place of those that its image was built with. Written to
   * `/etc/default/grub.d/pulumi-acrn-<name>.cfg`; they need update-grub and a boot of the machine. At most 2047 printable characters, without quotes.
   */
  bootArgs?: pulumi.Input<string>;
  /**
   * Guest memory with its unit, as acrn-dm takes it: whole 2 MiB pages, at least 128M.
   * @default what scenario or script have
   * @example memory: "2G"
   */
  memory?: pulumi.Input<string>;
  /** T01. False is refused: an RTVM without it has every timer interrupt go through the hypervisor. @default true */
  lapicPassthrough?: pulumi.Input<boolean>;
  /** T02: polling interval of virtio devices, 1 to 10000000 ns. @default that of ACRN's generator, 1000000 */
  virtioPoll?: pulumi.Input<number>;
  /** Takes the place of all virtio devices that the scenario has for the VM. Only with a script that is owned. */
  virtio?: pulumi.Input<VirtioDevices>;
  /**
   * T03: PCI devices that the VM has for itself, by BDF. They need MSI or MSI-X, and are in no other VM.
   * @example passthrough: ["02:00.0"]
   */
  passthrough?: pulumi.Input<pulumi.Input<string | PassthroughDevice>[]>;
  /** OVMF, or a kernel that acrn-dm boots itself: at most 1023 bytes of arguments reach it. @default what scenario or script have */
  loader?: pulumi.Input<Loader>;
  /** Further arguments of acrn-dm, each one word: `--ssram=...`. What has a property of its own is refused here. */
  dmArgs?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * `owned`: written whole by us, in the place of whatever is there. `edited`: an existing script, of which only the declared arguments
   * change; where it computes one of them it is refused with the line.
   * @default { owned: "/var/lib/pulumi-acrn/launch/<name>.sh" }
   */
  script?: pulumi.Input<{ owned: pulumi.Input<string> } | { edited: pulumi.Input<string> }>;
  /** True: acrnd starts it at each boot, by the script that is kept for the booted image. False: it does not. @default left as it is */
  autostart?: pulumi.Input<boolean>;
}

export interface VirtioDevices {
  /** Image files or partitions on the host; with `partition` a file on that partition, which is mounted first. */
  block?: pulumi.Input<pulumi.Input<string | { path: pulumi.Input<string>; partition: pulumi.Input<string> }>[]>;
  /** Tap interfaces, made where they are not there. */
  network?: pulumi.Input<
    pulumi.Input<{ tap: pulumi.Input<string>; vhost?: pulumi.Input<boolean>; mac?: pulumi.Input<string> }>[]
  >;
  /** As acrn-dm's virtio-console takes them: `@stdio:stdio_port`. */
  console?: pulumi.Input<pulumi.Input<string>[]>;
  input?: pulumi.Input<pulumi.Input<{ device: pulumi.Input<string>; id?: pulumi.Input<string> }>[]>;
  /** Context id, 3 or more. */
  vsock?: pulumi.Input<number>;
}

export interface PassthroughDevice {
  bdf: pulumi.Input<string>;
  /** Further words of `-s slot,passthru,b/d/f,...`. */
  options?: pulumi.Input<string>;
}

export type Loader =
  | "ovmf"
  | { ovmf: pulumi.Input<string>; vars?: pulumi.Input<string> }
  | { kernel: pulumi.Input<string>; args: pulumi.Input<string>; ramdisk?: pulumi.Input<string> };

/**
 * A real-time VM: its `<vm>` in the scenario, its launch script, its autostart entry (tips T01, T02, T03). One that the
 * scenario has is adopted: only what is declared is claimed. One that it lacks is inserted with a free id. Nothing is started or
 * stopped by it: that is {@link Activation}'s.
 *
 * @example
 * const rt = new RtVm("rt", { host, name: "POST_RT_VM1", partition: cores, memory: "1G", autostart: true });
 */
export class RtVm extends Face {
  /** As declared. */
  declare readonly name: pulumi.Output<string>;
  /** Id in the scenario. */
  declare readonly vmId: pulumi.Output<number>;
  /** pCPU ids, ascending. */
  declare readonly pcpus: pulumi.Output<number[]>;
  /** Local APIC ids, ascending: what a 3.x launch names. */
  declare readonly apicIds: pulumi.Output<number[]>;
  /** Where the canonical script lies. */
  declare readonly scriptPath: pulumi.Output<string>;
  /** Every launch script of the VM that the host has, by role: `canonical`, `autostart`, `packaged`, `kept`, `other`. */
  declare readonly homes: pulumi.Output<string[]>;
  /** What is written for the next image because the booted one would refuse it; empty: nothing waits. */
  declare readonly waiting: pulumi.Output<string[]>;
  /** Written, built and running, field by field, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: RtVmArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, partition, ...rest } = args;
    const { pcpus, apicIds } = partition;
    const outputs = ["vmId", "pcpus", "apicIds", "scriptPath", "homes", "waiting", "pending"];
    host.admit(name);
    super("RtVm", "rtVm", name, { host: host.settings, partition: { pcpus, apicIds }, ...rest }, outputs, opts);
    host.has(this);
  }
}
