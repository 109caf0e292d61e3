import type { GrubVariable } from "../places/grub-default";

/** What a machine shows of the way it boots. Every path that {@link EVIDENCE_PATHS} names is asked for. */
export interface KernelEvidence {
  /** Texts by path; a path that is missing here is not there. */
  files: ReadonlyMap<string, string>;
  /** `/proc/cmdline`; a folder has none. */
  running?: string;
  /** Commands that the machine has. */
  commands: ReadonlySet<string>;
  /** Is `/sys/firmware/efi` there? Undefined: a folder. */
  efi?: boolean;
  /** Is `/run/ostree-booted` there? */
  ostree: boolean;
  /** The EFI variables `LoaderInfo` and `LoaderEntrySelected`, as text: boot loaders with the systemd interface set them. */
  loaderInfo?: string;
  loaderEntry?: string;
  /** The file system of the folder with grubenv, and what lies under it (`lvm`, `raid`; empty: a partition). */
  bootFs?: { type: string; below: string };
  /** The machine forgets its EFI variables when it is off: an RTVM under OVMF without `vars=` (reference 7b). */
  volatileNvram?: boolean;
}

export type LoaderName = "grub" | "grub-bls" | "systemd-boot" | "extlinux" | "rpm-ostree";

/** Can a line be tried once, so that the machine comes back with the old one by itself? `words`: the command, before the entry's id. */
export type OneShot = { possible: true; how: string; words: readonly string[] } | { possible: false; why: string };

/** A text that reaches the kernel's line as well. */
export interface LineSource {
  file: string;
  variable?: string;
  line: string;
}

/** The place that this machine's boot loader really reads. */
export interface BootPlace {
  known: true;
  loader: LoaderName;
  /** Which of the surfaces in `places/` writes it. */
  place: "grub-default" | "bls-grub" | "bls-systemd-boot" | "extlinux" | "rpm-ostree";
  /** Absent for rpm-ostree, which is asked by command. */
  file?: string;
  variable?: GrubVariable;
  /** GRUB's menu, beside which it keeps its environment and looks for custom.cfg. */
  menu?: string;
  /** The file that is made from it, and the command that makes it. */
  generated?: string;
  regenerate?: readonly string[];
  oneShot: OneShot;
  /** What else is put on the same line: a key that is there too would reach the kernel twice. */
  others: readonly LineSource[];
  /** Files from which kernels that are installed later take their line. */
  later: readonly string[];
  /** Sentences for the user. */
  notes: readonly string[];
}

/** Why no place can be told, and what to do about it. */
export interface NoPlace {
  known: false;
  code: "ambiguous" | "unread" | "computed" | "unsupported";
  why: string;
  hint: string;
  file?: string;
  line?: number;
}

export type Finding = BootPlace | NoPlace;

/** What has to be asked for, as a shell's patterns. */
export const EVIDENCE_PATHS: readonly string[] = [
  "/etc/default/grub",
  "/etc/default/grub.d/*.cfg",
  "/boot/grub/grub.cfg",
  "/boot/grub/grubenv",
  "/boot/grub2/grub.cfg",
  "/boot/grub2/grubenv",
  "/boot/efi/EFI/*/grub.cfg",
  "/boot/efi/EFI/*/grubenv",
  "/usr/sbin/grub-mkconfig",
  "/usr/sbin/grub2-mkconfig",
  "/boot/loader/loader.conf",
  "/boot/loader/entries/*.conf",
  "/efi/loader/loader.conf",
  "/efi/loader/entries/*.conf",
  "/boot/efi/loader/loader.conf",
  "/boot/efi/loader/entries/*.conf",
  "/etc/kernel/cmdline",
  "/boot/extlinux/extlinux.conf",
  "/boot/extlinux.conf",
  "/boot/syslinux/syslinux.cfg",
];
