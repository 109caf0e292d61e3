import type * as pulumi from "@pulumi/pulumi";
import type { Pending } from "../provider/resources/kind";
import type { AcrnHost } from "./acrn-host";
import type { SshConnection } from "./connection";
import { hideCredentials } from "./credentials";
import { Face } from "./face";

/** Arguments of {@link HypervisorImage}. */
export interface HypervisorImageArgs {
  host: AcrnHost;
  /**
   * How the image is made, from exactly the scenario source and the board of the host.
   *
   * - `make`: `make hypervisor BOARD= SCENARIO=` in a source tree of ACRN.
   * - `debian`: ACRN's `debian/debian_build.sh`, of whose package the image is taken.
   * - `command`: shell text of your own; it finds the files `$BOARD_FILE` and `$SCENARIO_FILE` and leaves `acrn.bin`, and the generated `configs/`, in `$OUT`. Name what
   *   else it reads in `inputs`: files and folders, whose contents are part of the image's identity.
   * - `prebuilt`: a folder with an `acrn.bin` and its `configs/`, or an `acrn.bin` alone. What it was built from cannot be seen in it, only in `configs/`.
   * @example build: { make: { source: "/home/acrn/acrn-hypervisor" }, on: { ssh: "builder" } }
   */
  build: pulumi.Input<ImageBuild>;
  /** How many generations stay in /boot: the one that runs, the one before, and the latest of the others. @default 3 */
  keep?: pulumi.Input<number>;
  /** A kept generation that shall run instead of the one that the scenario makes: the way back. @default none */
  generation?: pulumi.Input<string>;
  /** Resources that it comes after. @default every resource made before it for this host */
  after?: pulumi.Resource[];
}

/** How an image is made, and where; see {@link HypervisorImageArgs.build}. */
export type ImageBuild = (
  | { make: pulumi.Input<{ source: pulumi.Input<string>; release?: pulumi.Input<boolean> }> }
  | { debian: pulumi.Input<{ source: pulumi.Input<string>; release?: pulumi.Input<boolean> }> }
  | { command: pulumi.Input<string>; inputs?: pulumi.Input<pulumi.Input<string>[]> }
  | { prebuilt: pulumi.Input<string> }
) & {
  /** On the host, on the machine that runs the program, or on a machine of its own. @default "host" */
  on?: pulumi.Input<"host" | "local" | { ssh: pulumi.Input<string | SshConnection> }>;
  /**
   * Take an image that does not say which cores and classes it was built with (no `configs/misc_cfg.h`), and believe that it was built from the scenario: nobody can
   * prove it, so every resource's `pending` says so.
   * @default false
   */
  trustUnverified?: pulumi.Input<boolean>;
};

/**
 * The hypervisor that is built from the scenario source, kept beside what runs. It builds and checks; {@link Activation} installs it
 * (`hypervisor-install`), boots it once, confirms it and makes it the default. One per host, and behind whatever it is built from.
 *
 * @example
 * const image = new HypervisorImage("image", { host, build: { make: { source: "/home/acrn/acrn-hypervisor" } } });
 * new Activation("activate", { host, allow: ["hypervisor-install", "host-reboot"] });
 */
export class HypervisorImage extends Face {
  /** Id of the image: 16 hex digits over scenario, board, recipe and the version of the source, inputs included. */
  declare readonly image: pulumi.Output<string>;
  /** Version of the source that it is built from. */
  declare readonly source: pulumi.Output<string>;
  /** Whether the generated configuration proved what the image was built from; false: it is trusted (`trustUnverified`). */
  declare readonly verified: pulumi.Output<boolean>;
  /** Written, built and running, with the evidence; as the last up or refresh saw it. */
  declare readonly pending: pulumi.Output<Pending[]>;

  constructor(name: string, args: HypervisorImageArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { host, after, ...plain } = args;
    const rest = hideCredentials(plain);
    const dependsOn = [...(after ?? host.made()), ...[opts.dependsOn ?? []].flat()] as pulumi.Resource[];
    host.admit(name, { scenario: false });
    const outputs = ["image", "source", "verified", "pending"];
    super("HypervisorImage", "hypervisorImage", name, { host: host.settings, ...rest }, outputs, {
      ...opts,
      dependsOn,
    });
    host.has(this);
    host.images(name);
  }
}
