import type { GrubSpec } from "../../grub/spec";
import type { GuestOsSpec } from "../spec";

/** A kernel with its line, as a boot loader starts it. */
export interface Chosen {
  /** Of the entry; "" where a launch script has the kernel. */
  title: string;
  id: string;
  /** As `uname -r` says it. */
  kernel: string;
  cmdline: string;
  initrd: boolean;
  /** What the kernel's file says of itself. */
  behaves: "boots" | "hangs" | "panics";
}

export type Choice = Chosen | { nothing: string };

/** What a boot needs besides the tree. */
export interface Loading {
  spec: GuestOsSpec;
  grub: GrubSpec;
  /** `-B` of acrn-dm, where it has one. */
  bootArgs?: string | undefined;
  /** One-shot choices are taken away; else it is only looked at what would boot. */
  real: boolean;
}
