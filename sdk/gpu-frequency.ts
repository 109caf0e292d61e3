import type * as pulumi from "@pulumi/pulumi";
import type { Limits } from "../provider/core/gpu/read";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import { Face } from "./face";

/** Arguments of {@link GpuFrequency}. Frequencies are in MHz, multiples of 50, between the hardware's RPn and RP0. */
export interface GpuFrequencyArgs {
  host: AcrnHost;
  /**
   * The highest frequency; `"lowest"`: the lowest that the hardware can, so that GPU and cores compete as little as can be for power and
   * the shared cache. [ACRN v2.0 to 2.3, rt_industry_ubuntu.rst]
   */
  max: pulumi.Input<"lowest" | number>;
  /**
   * What a client that waits for the GPU may raise it to, above `max` too: i915 does not hold a boost to the maximum.
   * @default the same as `max`
   */
  boost?: pulumi.Input<"lowest" | number>;
  /** The lowest frequency of a busy GPU; the same as `max` for one that never changes. @default "lowest" */
  min?: pulumi.Input<"lowest" | number>;
  /**
   * Which GPU, by its place on the bus, where i915 drives several: the number of a card (`card0`) is another one from boot to boot.
   * @default the only one; in a folder the integrated one, "0000:00:02.0"
   * @example card: "0000:03:00.0"
   */
  card?: pulumi.Input<string>;
}

/**
 * Frequency limits of the Service VM's GPU (tip T16), now and at each boot: i915's limits are set at once, and a file of udev rules sets them
 * whenever the driver starts. One per host. A delete gives both back: the file, and the limits that ran before the first up.
 *
 * @example
 * new GpuFrequency("gpu", { host, max: "lowest" });
 */
export class GpuFrequency extends Face {
  /** The GPU's place on the bus. */
  declare readonly gpu: pulumi.Output<string>;
  /** The limits that are set, in MHz. */
  declare readonly mhz: pulumi.Output<Limits>;
  /** What the hardware can: RPn to RP0, in MHz. Absent for a folder, which does not tell. */
  declare readonly range: pulumi.Output<{ lowest: number; highest: number } | undefined>;
  /** What else decides of the GPU's frequency and is for the BIOS to set: no software can. */
  declare readonly notes: pulumi.Output<string[]>;
  /** Written and running, limit by limit, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: GpuFrequencyArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    const outputs = ["gpu", "mhz", "range", "notes", "pending"];
    host.admit(name, { scenario: false });
    super("GpuFrequency", "gpuFrequency", name, { host: host.settings, ...rest }, outputs, opts);
    host.has(this);
  }
}
