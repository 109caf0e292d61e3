/**
 * What every read looks for, as the lines that the script understands: `f PATH` a file, `g FIXED//PATTERN` files by glob,
 * `h` and `G` the same for files of which only the hashes are wanted, `r PATH` a record: the file, and the images beside
 * where it really is. Places: acrn-reference.md 1.1 to 1.4 (Debian packages), 7b (where people keep launch scripts).
 */
export const SUPERSET: readonly string[] = [
  "f /usr/share/acrn/board.xml",
  "r /usr/share/acrn/scenario.xml",
  "f /var/lib/pulumi-acrn/scenario.xml",
  "f /var/lib/pulumi-acrn/ledger.json",
  "f /var/lib/pulumi-acrn/journal",
  "f /var/lib/pulumi-acrn/owed",
  "g /var/lib/pulumi-acrn/images//*",
  // never what is large there: hypervisors lie one folder below
  "g /var/lib/pulumi-acrn/images//*/*.sh",
  "g /var/lib/pulumi-acrn/images//*/*.xml",
  "g /var/lib/pulumi-acrn/images//*/*.json",
  "g /boot/pulumi-acrn//*/entry",
  "G /boot//acrn*.bin",
  "g /boot//acrn-*.config",
  "f /var/lib/dpkg/info/acrn-hypervisor.md5sums",
  "g /usr/share/acrn/conf/add//*",
  // never there: whether the folder can be written
  "f /usr/share/acrn/conf/add/.pulumi-acrn",
  "g /var/lib/pulumi-acrn/launch//*",
  "g /run/pulumi-acrn/vms//*",
  "g /var/lib/pulumi-acrn/cycling//*",
  "g /usr/share/acrn/launch-scripts//*/*/*.sh",
  "g /root/acrn-work//*.sh",
  "g /home//*/acrn-work/*.sh",
  "g /root//*launch*.sh",
  "h /boot/grub/grub.cfg",
  "f /etc/default/grub",
  "g /etc/default/grub.d//*.cfg",
  "f /etc/udev/rules.d/99-pulumi-acrn-gpu.rules",
];

/** Short texts, one file each, that only a live machine answers; the names are those of `Snapshot.texts`. */
export const FACTS: readonly string[] = [
  "etc/machine-id",
  "sys/class/dmi/id/product_uuid",
  "proc/sys/kernel/random/boot_id",
  "proc/sys/kernel/osrelease",
  "proc/cmdline",
  "proc/1/comm",
  "sys/devices/system/cpu/online",
  "sys/devices/system/cpu/offline",
  "sys/devices/system/cpu/present",
];

/** Whether these are there: `present` or `absent` in `Snapshot.texts`. */
export const PROBES: readonly string[] = [
  "dev/acrn_hsm",
  "dev/acrn_vhm",
  "run/ostree-booted",
  "run/systemd/system",
  "sys/firmware/efi",
];

/** Commands whose presence decides how something is done: `Snapshot.commands`. */
export const COMMANDS: readonly string[] = [
  "acrn-dm",
  "acrnctl",
  "acrnd",
  "bootctl",
  "dpkg-query",
  "grub-editenv",
  "grub-mkconfig",
  "grub-reboot",
  "grub2-editenv",
  "grub2-mkconfig",
  "grub2-reboot",
  "grubby",
  "iasl",
  "rpm-ostree",
  "systemctl",
  "systemd-run",
  "update-grub",
  "xmllint",
];

/**
 * What the scripts themselves need besides `sh`, and setsid or nohup: all of it in POSIX, coreutils or busybox. Reads ask for all of it too, so that
 * a preview does not promise what an up cannot do. test/host/commands.test.ts runs the scripts with exactly these.
 */
export const NEEDED: readonly string[] = (
  "base64 cat chmod cp date grep gzip head id ln ls md5sum mkdir mv readlink rm rmdir " +
  "sed sha256sum sleep sort stat sync tail touch tr wc"
).split(" ");

/** A single file larger than this is looked at but not read: 16 MiB, far above any board file or ledger. */
export const FILE_LIMIT = 16 * 1024 * 1024;
