import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The release of Debian that the guest is, whatever the machine that builds it runs. */
export const RELEASE = "bookworm";

/** The disk's identifiers are fixed, so that the boot loader can be told before there is a disk. */
export const ROOT_UUID = "5d0f2a52-6b1e-4c0b-9f0a-7c1d2e3f4a5b";
export const EFI_SERIAL = "AC120001";

/** The network card's address (locally administered), by which the guest names it. */
export const MAC = "52:54:00:ac:12:01";

/** What GuestKernelTuning and its test want to find. */
export const PACKAGES: readonly string[] = [
  ...["linux-image-rt-amd64", "initramfs-tools", "zstd", "kmod"],
  ...["systemd-sysv", "udev", "procps"],
  ...["dbus", "libpam-systemd"], // KillUserProcesses= of logind.conf(5)
  // GRUB for both firmwares in one tree: one disk starts by BIOS and by UEFI
  ...["grub-pc", "grub-efi-amd64-bin"],
  ...["openssh-server", "sudo", "iproute2", "ifupdown", "isc-dhcp-client", "rt-tests"],
];

/** Answers for the packages' questions, debconf-set-selections(1). */
export const ANSWERS = "grub-pc grub-pc/install_devices_empty boolean true\n";

export const SECTOR = 512;
/** Partitions in sectors. The gap before the first one takes GRUB's core image (GRUB manual, "BIOS installation"). */
export const PARTITIONS = { root: { start: 2048, size: 3_145_728 }, efi: { start: 3_147_776, size: 65_536 } };

/** Files that are there before most packages come, so that their scripts heed them. */
export const EARLY: Readonly<Record<string, string>> = {
  "etc/kernel-img.conf": "do_symlinks = no\n",
  // Unpacking an initramfs is much of a boot in software; with a list of modules it is small (initramfs.conf(5)).
  "etc/initramfs-tools/conf.d/small": "MODULES=list\n",
  "etc/initramfs-tools/hooks/small": [
    "#!/bin/sh",
    '[ "$1" = prereqs ] && exit 0',
    ". /usr/share/initramfs-tools/hook-functions",
    "manual_add_modules virtio_pci virtio_blk ext4",
    "",
  ].join("\n"),
};

/** Files as an installer leaves them. */
export const LATE: Readonly<Record<string, string>> = {
  "etc/hostname": "rt-guest\n",
  "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 rt-guest\n",
  "etc/fstab": [
    `UUID=${ROOT_UUID} / ext4 errors=remount-ro 0 1`,
    `UUID=${EFI_SERIAL.replace(/^..../, "$&-")} /boot/efi vfat umask=0077,nofail 0 0`,
    "",
  ].join("\n"),
  "etc/default/grub": [
    "GRUB_DEFAULT=0",
    "GRUB_TIMEOUT=0",
    "GRUB_DISTRIBUTOR=Debian",
    'GRUB_CMDLINE_LINUX_DEFAULT="quiet"',
    // the check of the timer against a delay loop fails where the emulator gets no processor for a moment (kernel-parameters.txt)
    'GRUB_CMDLINE_LINUX="console=ttyS0,115200 no_timer_check"',
    "GRUB_TERMINAL=console",
    "",
  ].join("\n"),
  // a busy machine emulates slowly: nobody is to give up on the disk after 90 s (systemd-system.conf(5))
  "etc/systemd/system.conf.d/slow.conf": "[Manager]\nDefaultTimeoutStartSec=10min\nDefaultDeviceTimeoutSec=10min\n",
  "etc/systemd/network/10-eth0.link": `[Match]\nMACAddress=${MAC}\n\n[Link]\nName=eth0\n`,
  "etc/network/interfaces": "auto lo\niface lo inet loopback\n\nallow-hotplug eth0\niface eth0 inet dhcp\n",
};

/** The script that ends the build. */
export const FINISH = readFileSync(join(__dirname, "finish.sh"), "utf8");

const RECIPE = { RELEASE, ROOT_UUID, EFI_SERIAL, PACKAGES, ANSWERS, PARTITIONS, EARLY, LATE, FINISH };

/** Another key, and so another image, when anything above changes. */
export const recipeKey = (): string => createHash("sha256").update(JSON.stringify(RECIPE)).digest("hex").slice(0, 12);
