import type { GrubSpec } from "../grub/spec";

/** How the files of a guest are laid out, and so which boot loader reads what. `script`: its launch script has kernel and line (`-k`, `-B`). */
export type Layout = "debian" | "ubuntu" | "rhel" | "yocto" | "script";

/** A guest, or a machine without a hypervisor, with an operating system that boots. */
export interface GuestOsSpec {
  layout: Layout;
  /** Versions of the kernels in /boot; the newest boots by default. @default one with PREEMPT_RT, named as the layout names them */
  kernels?: readonly string[];
  /** vCPUs, or CPUs. @default 4 */
  cpus?: number;
  /** Of `yocto`. @default "systemd-boot" */
  loader?: "systemd-boot" | "extlinux";
  /** PID 1. @default "systemd" */
  init?: "systemd" | "sysvinit";
  /** RHEL 8: the line of its entries is `$kernelopts`, kept in grubenv. @default false: RHEL 9, each entry has its own */
  kernelopts?: boolean;
  /** Of `script`: its line where acrn-dm is given no `-B` (a bootloader in its place). @default "root=/dev/vda2 ro quiet" */
  cmdline?: string;
  /** Commands that fail, and what they say then. @default none */
  broken?: Readonly<Record<string, string>>;
  /** What GRUB stands on. @default by layout: RHEL has a partition of its own for /boot */
  grub?: GrubSpec;
  /** Firmware variables outlive a power-off of the VM (`--ovmf ...,w,vars=`). @default false inside a VM: they are lost; true on bare metal */
  nvram?: boolean;
  /** The hypervisor lets it have x2APIC mode. @default true */
  x2apic?: boolean;
  /** The module without which nobody reaches it. @default "virtio_net" */
  networkModule?: string;
  /** Milliseconds that a second of `panic=` and of its timers takes. @default 1000 */
  secondMs?: number;
}

/** The machine id, name and folder that it goes by in the lab. */
export interface GuestIdentity {
  name: string;
  dir: string;
}

export const cpusOf = ({ cpus = 4 }: GuestOsSpec): number => cpus;

/** What its GRUB stands on: Red Hat's has another folder, and by its installer a partition of its own for /boot. */
export function grubOf({ layout, grub }: GuestOsSpec): GrubSpec {
  if (layout === "rhel") return { bootPartition: true, fs: "xfs", folder: "/boot/grub2", ...grub };
  return { recovery: true, ...grub };
}

export const kernelsOf = ({ layout, kernels }: GuestOsSpec): readonly string[] => kernels ?? [KERNELS[layout]];

const KERNELS: Readonly<Record<Layout, string>> = {
  debian: "6.1.0-18-rt-amd64",
  ubuntu: "5.15.0-1062-realtime",
  rhel: "5.14.0-427.13.1.el9_4.x86_64+rt",
  yocto: "6.6.21-rt26-yocto-preempt-rt",
  script: "6.1.80-rt",
};
