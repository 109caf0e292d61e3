import type { GrubSpec } from "../server/physics/grub/spec";
import type { BoardSpec, Dialect, ScenarioSpec } from "./spec";

/** A file that is there already, for instance a real one of ACRN's. */
export interface GivenFile {
  name: string;
  text: string;
}

export interface RunningVm {
  name: string;
  pid: number;
  /** Arguments of acrn-dm, without the name at the end. */
  args: string[];
}

export interface HostTreeSpec {
  board: BoardSpec | GivenFile;
  scenario: ScenarioSpec | GivenFile;
  /** MAJOR.MINOR, as in `/boot/acrn-3.3.bin`. */
  acrnVersion: string;
  /** @default by `acrnVersion` */
  dialect?: Dialect;
  /** Scripts beside the generated ones, at any path. */
  launchScripts?: { path: string; text: string }[];
  machineId: string;
  productUuid: string;
  bootId: string;
  runningVms?: RunningVm[];
  /** Versions of the kernels in /boot, all of them with HSM. @default `LAB_KERNEL` alone */
  kernels?: string[];
  /** It has booted by a menu: grub.cfg and grubenv are there, and what the kernel says fits. @default false: no menu */
  grub?: boolean | GrubSpec;
  /** CPUs of the Service VM (its own numbers) that were handed to VMs. */
  offline?: number[];
  /** The integrated GPU under i915. @default none: no GPU has a driver */
  gpu?: GpuSpec;
  /** Seconds since the epoch at which the host booted. @default DEFAULT_BOOT_TIME */
  bootTime?: number;
  /** Where a user of 2.x keeps the scripts. @default "/home/acrn" */
  home?: string;
  /** Further files, by absolute path; they win over what the builder makes. */
  extra?: Record<string, string>;
}

/** In MHz: what the hardware can, and the limits that run where they are not the driver's own. */
export interface GpuSpec {
  lowest: number;
  highest: number;
  /** @default "0000:00:02.0" */
  address?: string;
  now?: { min: number; max: number; boost: number };
}

/** The kernel of a lab host. */
export const LAB_KERNEL = "6.1.80-acrn-service-vm";

/** 2023-11-14, in seconds since the epoch. */
export const DEFAULT_BOOT_TIME = 1_700_000_000;
