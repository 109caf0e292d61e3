/**
 * What the read of a guest looks for besides what every read does: where boot loaders keep the kernel's line, what sets sysctls
 * (sysctl.d(5)), and the units that an administrator made (systemd.unit(5)). A guest may be any Linux, so most of them are not there.
 */
export const GUEST_FILES: readonly string[] = [
  "/boot/grub/grub.cfg",
  "/boot/grub/custom.cfg",
  "/boot/grub/grubenv",
  "/boot/grub2/grub.cfg",
  "/boot/grub2/grubenv",
  "/boot/loader/loader.conf",
  "/boot/extlinux/extlinux.conf",
  "/boot/syslinux/syslinux.cfg",
  "/etc/kernel/cmdline",
  "/etc/sysctl.conf",
];

/** By glob; a shell's star stands for anything but a slash. */
export const GUEST_GLOBS: readonly string[] = [
  "/boot/loader/entries/*.conf",
  "/boot/efi/loader/entries/*.conf",
  "/etc/sysctl.d/*.conf",
  "/run/sysctl.d/*.conf",
  "/usr/local/lib/sysctl.d/*.conf",
  "/usr/lib/sysctl.d/*.conf",
  "/etc/systemd/system/*.service",
  "/etc/systemd/system/*.socket",
  "/etc/systemd/system/*.timer",
];
