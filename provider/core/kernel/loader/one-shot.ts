import type { KernelEvidence, OneShot } from "./types";

/** File systems on which GRUB overwrites its environment block where it lies; those that copy on write it leaves alone [util/grub.d/00_header.in check_writable]. */
const WRITABLE = new Set(["ext2", "ext3", "ext4", "vfat", "msdos", "xfs"]);

/** `grub-reboot`: the entry is forgotten before it boots, so that whatever happens the next boot is the old one. */
export function grubOneShot(
  evidence: KernelEvidence,
  grubenv: string,
  menu: { nextEntry: boolean; custom: boolean },
): OneShot {
  const no = (why: string): OneShot => ({ possible: false, why });
  const command = ["grub-reboot", "grub2-reboot"].find((name) => evidence.commands.has(name));
  if (!menu.nextEntry) return no("grub.cfg does not take next_entry as grub-mkconfig writes it");
  if (!menu.custom) return no("grub.cfg does not read custom.cfg, where an entry could be tried");
  if (!command) return no("there is no grub-reboot");
  if (!evidence.files.has(grubenv)) return no(`there is no ${grubenv}`);
  const { bootFs } = evidence;
  if (!bootFs)
    return no(`it is not known on which file system ${grubenv} lies, so nobody can tell whether GRUB can write it`);
  if (!WRITABLE.has(bootFs.type) || bootFs.below !== "")
    return no(`GRUB cannot write ${grubenv}: it lies on ${[bootFs.type, bootFs.below].filter(Boolean).join(" on ")}`);
  return { possible: true, how: "next_entry of grubenv, which GRUB clears before it boots", words: [command] };
}

/** `bootctl set-oneshot` sets an EFI variable. */
export function bootctlOneShot({ commands, efi, volatileNvram }: KernelEvidence): OneShot {
  const no = (why: string): OneShot => ({ possible: false, why });
  if (!commands.has("bootctl")) return no("there is no bootctl");
  if (efi !== true) return no("the machine did not boot by EFI, so there is no variable to set");
  if (volatileNvram)
    return no("the machine forgets its EFI variables when it is off: the old entry would boot without a word");
  return {
    possible: true,
    how: "the EFI variable LoaderEntryOneShot, which systemd-boot deletes before it boots",
    words: ["bootctl", "set-oneshot"],
  };
}
