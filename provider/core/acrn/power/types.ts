import type { Act } from "../../plan/acts";
import type { Liveness } from "./liveness";

/** A VM that an act concerns, as it is now. */
export interface PowerVm {
  name: string;
  liveness: Liveness;
  /** In words, how its guest is asked to power off: `ssh root@192.168.1.10`; undefined: nobody said. */
  shutdown?: string;
  /** The script of ours that starts it; undefined: none is known. */
  launcher?: string;
  /** What starts it on the image that runs, where that is on trial and takes another script than the default. */
  launcherNow?: string;
  /** What starts it on the image which the next boot takes, where that takes another: what waits for it, or what was kept beside it. */
  launcherAfter?: string;
  /** acrnd starts it at each boot. */
  autostart?: boolean;
  /** An earlier run powered it off and did not come to start it again. */
  comesBack?: boolean;
}

/** An image of ours that shall run and does not, or is not confirmed. */
export interface PowerImage {
  id: string;
  /** How many generations stay. */
  keep: number;
  /** False: it runs already, and only has to be confirmed. */
  boots: boolean;
  /** Launch scripts that stand beside images from then on. */
  beside?: readonly BesideImage[];
}

/** Texts by file name: these and no other launch scripts stand beside that image. */
export interface BesideImage {
  image: string;
  scripts: ReadonlyMap<string, string>;
}

export interface PowerInput {
  acts: readonly Act[];
  allow: readonly string[];
  /** Every post-launched real-time VM that the host may run. */
  vms: readonly PowerVm[];
  /** With a pre-launched RTVM the Service VM can never reset the machine (reference 7b). */
  preLaunchedRealtime?: string;
  /** Undefined: no image is wanted, or it runs and is the default. Without one an image is installed by hand. */
  image?: PowerImage;
}

export type Step =
  /** Makes GRUB's menu anew; interrupts nothing. */
  | { act: "update-grub" }
  /** Beside what runs; tried once at the reboot behind it. */
  | { act: "hypervisor-install"; image: PowerImage }
  | { act: "rtvm-power-cycle"; vm: PowerVm }
  /** `vms`: those that are powered off before and started after it. */
  | { act: "host-reboot"; vms: readonly PowerVm[]; image?: PowerImage };

export interface PowerPlan {
  /** To be done, in this order. */
  steps: readonly Step[];
  /** One a step, for people and for the comparison between review and apply: what, in what order, what it interrupts, what proves it. */
  lines: string[];
  /** What stands in the way of a step, with what to do: nothing irreversible is begun while there is one. */
  obstacles: string[];
  /** Acts that are needed and that `allow` does not name. */
  forbidden: readonly Act[];
  /** Acts that this version does not do. */
  byHand: readonly Act[];
}
