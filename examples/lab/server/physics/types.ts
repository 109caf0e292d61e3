/** What a lab host is made of beside files. Facts: vm_config.h (severity), vm_reset.c, vm.c (pause_vm), main.c of acrn-dm. */

/** How the OS inside a VM answers a power-off: at once, late, or it hangs on the way down and the VM runs on. */
export type PowerOff = "at-once" | "never" | { afterMs: number };

/** The OS inside a VM: an SSH server behind its host, as long as the VM runs. */
export interface LabGuestSpec {
  /** Where it is reached from its host, on port 22. */
  address: string;
  /** @default "at-once" */
  powerOff?: PowerOff;
  /** Its kernel command line, unless acrn-dm is given one (`-B`) or its folder has `boot/cmdline`. */
  cmdline?: string;
  /** Files of its folder, by absolute path, where it has none yet. */
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
  /** Milliseconds from reset to login. @default 300 */
  bootMs?: number;
  /** Milliseconds from the word reboot to the end of all connections. @default 30 */
  shutdownMs?: number;
}

/** `dark`: the Service VM is shut down, a real-time VM runs on, and nobody can reach the machine. */
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
}

export interface MachineState {
  power: Power;
  boots: number;
  vms: VmState[];
  /** CPUs of the Service VM (its own numbers) that are offline. */
  offline: number[];
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
}
