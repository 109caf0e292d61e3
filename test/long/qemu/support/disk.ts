import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EFI_SERIAL, PARTITIONS, ROOT_UUID, SECTOR } from "./recipe";
import { must } from "./tools";

/** A disk of the tree that starts by BIOS and by UEFI, without a loop device: every tool is told where in the file its partition begins. */
export async function makeDisk(tree: string, disk: string): Promise<void> {
  const { root, efi } = PARTITIONS;
  writeFileSync(disk, "");
  truncateSync(disk, (efi.start + efi.size + 2048) * SECTOR);
  const table = join(tree, "..", "partitions");
  // sfdisk(8), "Script-file format"; ef: the EFI system partition of an MBR disk (UEFI 2.10, 5.2.2)
  const rows = [
    `start=${root.start}, size=${root.size}, type=83, bootable`,
    `start=${efi.start}, size=${efi.size}, type=ef`,
  ];
  writeFileSync(table, `label: dos\n${rows.join("\n")}\n`);
  await must("sh", ["-c", 'exec sfdisk --quiet "$1" <"$2"', "sh", disk, table]);
  const [offset, blocks] = [root.start * SECTOR, (root.size * SECTOR) / 4096];
  const system = ["-q", "-F", "-t", "ext4", "-b", "4096", "-U", ROOT_UUID, "-d", tree];
  await must("mke2fs", [...system, "-E", `offset=${offset}`, disk, String(blocks)]);
  await efiPartition(tree, disk);
  installBoot(join(tree, "boot/grub/i386-pc"), disk);
}

/** The name that a firmware without variables starts (UEFI 2.10, 3.5.1.1); ACRN's OVMF keeps none either. */
async function efiPartition(tree: string, disk: string): Promise<void> {
  const { start, size } = PARTITIONS.efi;
  const image = join(tree, "..", "efi");
  await must("mkfs.vfat", ["-C", "-i", EFI_SERIAL, image, String((size * SECTOR) / 1024)]);
  await must("mmd", ["-i", image, "::/EFI", "::/EFI/BOOT"]);
  await must("mcopy", ["-i", image, join(tree, "boot/grub/x86_64-efi/core.efi"), "::/EFI/BOOT/BOOTX64.EFI"]);
  write(disk, readFileSync(image), start);
}

/**
 * boot.img loads the sector that it names, 1 unless grub-bios-setup changes it, and that one those that follow it (GRUB: boot.S, kernel_sector;
 * diskboot.S, blocklist_default_start): so core.img right behind the boot sector needs no patch. The last 72 bytes of it are the table's.
 */
function installBoot(from: string, disk: string): void {
  const core = readFileSync(join(from, "core.img"));
  if (core.length > (PARTITIONS.root.start - 1) * SECTOR) throw new Error(`GRUB's core image has ${core.length} bytes`);
  write(disk, readFileSync(join(from, "boot.img")).subarray(0, 440), 0);
  write(disk, core, 1);
}

function write(disk: string, bytes: Buffer, sector: number): void {
  const file = openSync(disk, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, sector * SECTOR);
  } finally {
    closeSync(file);
  }
}
