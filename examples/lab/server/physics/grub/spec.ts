/** What a lab host's GRUB stands on. May be changed while the host runs (`host.machine.grub`). */
export interface GrubSpec {
  /** What `grub-probe --target=fs /boot/grub` says. @default "ext2" */
  fs?: string;
  /** What `--target=abstraction` says, a line each: `lvm`, `diskfilter`... @default none */
  abstraction?: readonly string[];
  /** /boot is a file system of its own: GRUB's paths begin below it. @default false */
  bootPartition?: boolean;
  /** Where menu and environment block are. @default "/boot/grub" */
  folder?: string;
  /** The menu has recovery entries, as Debian's has: what GRUB_CMDLINE_LINUX_DEFAULT says is not on their lines. @default false */
  recovery?: boolean;
  /** What update-grub says last before it fails; the menu stays as it was. @default it works */
  updateFails?: string | undefined;
}

/** The machine's root device, as everything in the lab names it. */
export const DEVICE = "/dev/nvme0n1p2";
export const FS_UUID = "00000000-0000-4000-8000-000000000001";

/** File systems that GRUB only reads: it cannot clear what it was told once [GRUB manual, "Environment block"]. */
const READ_ONLY = /^(btrfs|zfs|squash4|tarfs|cpiofs|iso9660|reiserfs|romfs|f2fs)/;

/** Whether GRUB itself can write a file of /boot/grub: into the blocks that it has, with nothing between it and the disk. */
export function grubWrites({ fs = "ext2", abstraction = [] }: GrubSpec): boolean {
  return !READ_ONLY.test(fs) && !abstraction.some((name) => /^(diskfilter|lvm|mdraid.*|cryptodisk|luks.*)$/.test(name));
}

/** grub-probe(8): what it prints for a target; undefined: it does not know that one. */
export function probed(target: string, { fs = "ext2", abstraction = [] }: GrubSpec): string[] | undefined {
  const all: Readonly<Record<string, readonly string[]>> = {
    fs: [fs],
    abstraction,
    fs_uuid: [FS_UUID],
    device: [DEVICE],
    disk: ["/dev/nvme0n1"],
    drive: ["(hd0,gpt2)"],
    partmap: ["gpt"],
    partuuid: ["00000000-0000-4000-8000-000000000002"],
    fs_label: [""],
    compatibility_hint: ["hd0,gpt2"],
    hints_string: ["--hint-bios=hd0,gpt2 --hint-efi=hd0,gpt2 "],
    bios_hints: ["hd0,gpt2"],
    efi_hints: ["hd0,gpt2"],
    cryptodisk_uuid: [],
  };
  const found = all[target];
  return found && [...found];
}

/** A path of the machine as GRUB has it: nothing for the root of a file system (grub-mkrelpath). */
export const relative = (path: string, { bootPartition = false }: GrubSpec): string =>
  (bootPartition ? path.replace(/^\/boot(?=\/|$)/, "") : path).replace(/\/+$/, "");

/** And back. */
export const absolute = (path: string, { bootPartition = false }: GrubSpec): string =>
  `${bootPartition ? "/boot" : ""}/${path.replace(/^\(.*?\)/, "").replace(/^\/+/, "")}`;

export const folderOf = ({ folder = "/boot/grub" }: GrubSpec): string => folder;

export const menuFile = (grub: GrubSpec): string => `${folderOf(grub)}/grub.cfg`;

export const environmentFile = (grub: GrubSpec): string => `${folderOf(grub)}/grubenv`;
