import * as pulumi from "@pulumi/pulumi";
import type { Override, Profile } from "../provider/core/tuning/profiles/types";
import type { Pending } from "../provider/resources/kind";
import type { CorePartition } from "./core-partition";
import { Face } from "./face";
import type { Guest } from "./guest";

/** By key: a value; `false`: the profile's setting is left out, and the guest's own stays; `null`: a kernel argument is taken off the line. */
export type TuningOverrides = Record<string, pulumi.Input<Override>>;

/** Arguments of {@link GuestKernelTuning}. CPU lists are CPUs as the guest counts them (vCPUs), never pCPUs. */
export interface GuestKernelTuningArgs {
  guest: Guest;
  /** The partition of the guest's host: real-time and housekeeping CPUs are those of the guest's `vm`. Give this, or lists. */
  partition?: CorePartition;
  /** CPUs for real-time work, where there is no partition. @example rtCpus: "1-3" */
  rtCpus?: pulumi.Input<string | number[]>;
  /** CPUs for all else. @default all that are not in `rtCpus` */
  housekeepingCpus?: pulumi.Input<string | number[]>;
  /**
   * `acrn-tips`: what ACRN's performance tips say of the guest (T10 to T13, T17 to T19). `acrn-tips+rt`: with what is widely agreed besides. `xenomai`: for
   * guests with Xenomai. Or a profile of your own, built on one of these. `pulumi-acrn inspect --profile NAME` prints each key with its reason.
   * @default "acrn-tips"
   */
  profile?: pulumi.Input<"acrn-tips" | "acrn-tips+rt" | "xenomai" | Profile>;
  /** @example kernelArgs: { mce: "ignore_ce", quiet: null, "intel_pstate": false } */
  kernelArgs?: pulumi.Input<TuningOverrides>;
  /** @example sysctls: { "vm.stat_interval": 10 } */
  sysctls?: pulumi.Input<TuningOverrides>;
  /** Units of systemd: `"masked"`, or `false`. @example services: { "irqbalance.service": "masked", "rsyslog.service": false } */
  services?: pulumi.Input<TuningOverrides>;
  /** Runtime knobs, set at each boot by a unit of ours. @example runtime: { transparent_hugepage: "never" } */
  runtime?: pulumi.Input<TuningOverrides>;
  /** Allow `kernel.sched_rt_runtime_us = -1`, with which a real-time task can lock up its CPU for good (T20). @default false */
  allowRtMonopoly?: pulumi.Input<boolean>;
  /**
   * A new kernel line is first an entry that nothing selects; an Activation on the guest boots it once, and only what comes up and answers becomes the default.
   * `false`: written as the default at once; a line that does not boot then has to be mended by hand.
   * `{ tripleFault: true }`, for real-time VMs: somebody has seen on this hardware that `reboot=t` ends in a power-off, so the trial may say `panic=` too, and comes back from a
   * panic and from a root that is not found. Where that is not so, such a panic resets the whole machine.
   * @default true
   */
  trial?: pulumi.Input<boolean | { tripleFault: true }>;
}

/**
 * Kernel arguments, sysctls, services and runtime knobs of a guest: single keys, in the places that its boot loader and its init system really read. One per guest. A delete gives every
 * key its former value, unless somebody else changed it since.
 *
 * @example
 * const tuning = new GuestKernelTuning("rt-tuning", { guest, partition: cores });
 */
export class GuestKernelTuning extends Face {
  /** Its arguments as they stand on a command line, in the profile's order. */
  declare readonly kernelLine: pulumi.Output<string>;
  /** Where they are written, and what is made from that. */
  declare readonly place: pulumi.Output<string>;
  /** By kind and key (`kernelArg isolcpus`), as declared. */
  declare readonly settings: pulumi.Output<Record<string, string | boolean>>;
  /** What of the profile is not set on this guest, and why. */
  declare readonly notSet: pulumi.Output<string[]>;
  /** What could not be checked from here, and what is to be known. */
  declare readonly notes: pulumi.Output<string[]>;
  /** While a line waits to be tried: its entry, what brings the guest back, and what nothing does. */
  declare readonly trialEntry: pulumi.Output<{ entry: string; catches: string[]; misses: string[] } | undefined>;
  /** Declared, written, generated and running, key by key, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: GuestKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    const { guest, partition, ...rest } = args;
    const outputs = ["kernelLine", "place", "settings", "notSet", "notes", "trialEntry", "pending"];
    const lists = partition && { partition: listsOf(name, partition, guest) };
    guest.admit(name);
    super("GuestKernelTuning", "guestKernelTuning", name, { host: guest.settings, ...lists, ...rest }, outputs, opts);
    guest.has(this);
  }
}

/** What the partition has for the VM that the guest is the system of. */
function listsOf(name: string, partition: CorePartition, { vm }: Guest): pulumi.Input<Record<string, string>> {
  if (!vm)
    throw new pulumi.ResourceError(
      `${name}: \`partition\` needs a Guest with \`vm\`, whose CPUs it has; else give \`rtCpus\``,
      undefined,
      true,
    );
  return pulumi
    .all([partition.rtCpus, partition.housekeepingCpus, vm])
    .apply(([rt, housekeeping, key]) => ({ rtCpus: rt[key] ?? "", housekeepingCpus: housekeeping[key] ?? "" }));
}
