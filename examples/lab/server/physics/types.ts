/** What a lab host is made of beside files. Facts: vm_config.h (severity), vm_reset.c, vm.c (pause_vm), main.c of acrn-dm. */

import type { GrubSpec } from "./grub/spec";
import type { GuestSystem } from "./guest/parts";
import type { GuestOsSpec } from "./guest/spec";
import type { VcpuClos } from "./rdt/table";

/** How the OS inside a VM answers a power-off: at once, late, or it hangs on the way down and the VM runs on. */
export type PowerOff = "at-once" | "never" | { afterMs: number };

/**
 * The OS inside a VM: an SSH server behind its host, as long as the VM runs. With a `layout` it is a system that boots: by its boot loader's
 * choice, with its sysctls, units and knobs (docs/lab.md, "Guests").
 */
export interface LabGuestSpec extends Partial<GuestOsSpec> {
  /** Where it is reached from its host, on port 22. */
  address: string;
  /** @default "at-once" */
  powerOff?: PowerOff;
  /** Its kernel command line, unless acrn-dm is given one (`-B`) or, without a layout, its folder has `boot/cmdline`. */
  cmdline?: string;
  /** Files of its folder, by absolute path, where it has none yet; with a `layout` they win over what the builder makes. */
  files?: Readonly<Record<string, string>>;
}

/** What a `LabHostSpec` says about the machine. */
export interface PhysicsSpec {
  /** False: a folder behind SSH and nothing else. @default whether the tree has /dev/acrn_hsm */
  physics?: boolean;
  /** By the name of the VM. */
  guests?: Readonly<Record<string, LabGuestSpec>>;
  /** What PID 1 is; without it nothing here is for systemctl and systemd-run. @default none */
  init?: "systemd";
  /** Whether acrnd starts at boot, and with it every VM of conf/add. @default true */
  acrnd?: boolean;
  /** Commands of ACRN and of the init system that fail, and what they say then: `{ reboot: "Access denied" }`. @default none */
  broken?: Readonly<Record<string, string>>;
  /** What its GRUB stands on. A menu comes with the tree (`HostTreeSpec.grub`) or by update-grub; without one, the record's image boots. */
  grub?: GrubSpec;
  /** A watchdog resets the machine once nothing feeds it: when it is dark. @default false */
  watchdog?: boolean;
  /** Milliseconds from dark to that reset. @default 100 */
  watchdogMs?: number;
  /** Milliseconds from reset to login. @default 300 */
  bootMs?: number;
  /** Milliseconds from the word reboot to the end of all connections. @default 30 */
  shutdownMs?: number;
}

/** `dark`: nobody can reach the machine, and nothing comes of waiting: the Service VM is gone and a real-time VM runs on, or a boot hangs. */
export type Power = "up" | "booting" | "dark" | "off";

export interface VmState {
  name: string;
  realtime: boolean;
  pcpus: readonly number[];
  /** `orphan`: its acrn-dm is gone, the VM is not. */
  state: "running" | "orphan";
  /** Of acrn-dm; a real process, unless the tree said at the start that it runs. */
  pid?: number;
  /** acrn-dm's arguments, paths as on the machine. */
  args: readonly string[];
  /** What its vCPUs really have of the caches, where the booted image switches classes. */
  clos?: VcpuClos[];
}

/** What GRUB started, and what is built into it. */
export interface Booted {
  /** Of the menu's entry. */
  title: string;
  id: string;
  /** The hypervisor (or, without one, the kernel), as a path on the machine. */
  file: string;
  hypervisor: boolean;
  /** As `uname -r` says it. */
  kernel: string;
  /** What our marker on the hypervisor's line says. */
  image?: string;
  /** By VM of the image, on the pCPUs that it grants; only where it switches classes. */
  clos?: Record<string, VcpuClos[]>;
}

export interface MachineState {
  power: Power;
  boots: number;
  vms: VmState[];
  /** CPUs of the Service VM (its own numbers) that are offline. */
  offline: number[];
  /** Where the tree has a menu. */
  booted?: Booted;
}

/** The SSH side of a machine; a LabHost is one. */
export interface Front {
  readonly name: string;
  up(): Promise<void>;
  /** Ends all connections and takes no more. */
  down(): Promise<void>;
}

/** The SSH side of a guest. */
export interface GuestFront extends Front {
  readonly dir: string;
  readonly port: number;
  readonly hostKeys: readonly string[];
  /** What boots in it, where it has a layout. */
  readonly os?: GuestSystem | undefined;
}
