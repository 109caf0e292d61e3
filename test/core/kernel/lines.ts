import fc from "fast-check";

/** Command lines as installers of distributions and ACRN's documents leave them; written for these tests, machine by machine. */
export const LINES: Readonly<Record<string, string>> = {
  "Debian 12": "BOOT_IMAGE=/boot/vmlinuz-6.1.0-18-rt-amd64 root=UUID=5e2f4a10-9c31-4d8e-b1a7-2f60d1c0a9e3 ro quiet",
  "Debian with LVM and a serial console":
    "BOOT_IMAGE=/vmlinuz-6.1.0-13-amd64 root=/dev/mapper/vg0-root ro console=tty0 console=ttyS0,115200n8 net.ifnames=0",
  "Ubuntu desktop":
    "BOOT_IMAGE=/boot/vmlinuz-6.8.0-45-generic root=UUID=0f0e0d0c-0b0a-4908-8706-050403020100 ro quiet splash vt.handoff=7",
  "Ubuntu cloud image":
    "BOOT_IMAGE=/vmlinuz-5.15.0-1033-realtime root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0",
  "RHEL 9":
    "BOOT_IMAGE=(hd0,gpt3)/vmlinuz-5.14.0-427.el9.x86_64 root=/dev/mapper/rhel-root ro crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M resume=/dev/mapper/rhel-swap rd.lvm.lv=rhel/root rd.lvm.lv=rhel/swap rhgb quiet",
  "RHEL 8, BLS entry": "root=/dev/mapper/rhel-root ro $kernelopts $tuned_params",
  "Fedora CoreOS":
    "BOOT_IMAGE=(hd0,gpt3)/ostree/fedora-coreos-1a2b/vmlinuz-6.9.7 mitigations=auto,nosmt ostree=/ostree/boot.1/fedora-coreos/1a2b/0 ignition.platform.id=metal root=UUID=1-2 rw rootflags=prjquota boot=UUID=3-4",
  SUSE: "BOOT_IMAGE=/boot/vmlinuz-5.14.21-default root=UUID=77-88 splash=silent  quiet security=apparmor mitigations=auto",
  "Arch with systemd-boot":
    "initrd=\\intel-ucode.img initrd=\\initramfs-linux-rt.img root=PARTUUID=9a-9b rootfstype=ext4 add_efi_memmap rw",
  Yocto: "root=/dev/sda2 rootwait rootfstype=ext4 console=ttyS0,115200 console=tty0 \t",
  "ACRN Service VM":
    "pulumi_acrn_image=0123456789abcdef root=UUID=aa-bb ro quiet hugepagesz=1G hugepages=7 hugepagesz=2M hugepages=128 idle=halt i915.enable_gvt=1",
  "ACRN tips":
    "rw rootwait isolcpus=nohz,domain,1 idle=poll rcu_nocbs=1 rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0  intel_pstate=disable",
  "quotes of three kinds": '"a b" dyndbg="file drivers/usb/* +p" "key=a b" key="a b" plain',
  "words for init": "root=/dev/vda ro quiet -- single isolcpus=9",
  "hyphens and underscores": "intel-iommu=on rcu_nocbs=2 rcu-nocb-poll i8042.nomux",
  "odd spacing": "  \tquiet   splash\t\tnomodeset  ",
  nothing: "",
  "blanks alone": "  ",
  "words for init alone": " -- a b",
};

const name = fc.constantFrom(
  ..."isolcpus nohz_full quiet console hugepagesz hugepages rcu-nocbs rcu_nocbs a b.c mce root".split(" "),
);
const text = fc.constantFrom("", "1", "2-3", "nohz,domain,2", "tty0", "1G", "a b", "x=y");
const word = fc.oneof(
  { weight: 3, arbitrary: name },
  {
    weight: 6,
    arbitrary: fc.tuple(name, text).map(([key, value]) => (/ /.test(value) ? `${key}="${value}"` : `${key}=${value}`)),
  },
  fc.constantFrom('"a b"', '"key=a b"', "=x", "--x", '"', 'a"b c"d'),
);
const gap = fc.constantFrom(" ", " ", " ", "  ", "\t", "\n");

/** Lines of words that a kernel reads; now and then words for init. */
export const lineArbitrary = fc
  .tuple(
    fc.array(
      fc.tuple(
        gap,
        word.filter((each) => each !== '"'),
      ),
      { maxLength: 7 },
    ),
    fc.constantFrom("", " ", " -- single", "\t--  "),
    fc.boolean(),
  )
  .map(([words, rest, lead]) => {
    const line = words.map(([space, each], at) => (at === 0 && !lead ? each : space + each)).join("") + rest;
    return words.length === 0 && rest.startsWith(" --") && !lead ? rest.slice(1) : line;
  });

/** Any text at all, with quotes where they are not expected. */
export const anyLine = fc.oneof(
  lineArbitrary,
  fc.array(fc.oneof(word, gap, fc.string()), { maxLength: 8 }).map((parts) => parts.join("")),
);

/** A key of one owner with the value that it wishes. */
export const wishArbitrary = fc.oneof(
  fc.tuple(
    fc.constantFrom("isolcpus", "rcu_nocbs", "a", "new_one", "root"),
    fc.constantFrom("1", "2-3", "", "a b", true as const, null),
  ),
  fc.tuple(fc.constant("console"), fc.constantFrom("tty0", null, ["tty0", "ttyS0,115200"], ["a", "b", "c"])),
  fc.tuple(
    fc.constant("hugepages"),
    fc.constantFrom(
      "4",
      null,
      ["hugepagesz=1G", "hugepages=4"],
      ["hugepagesz=1G", "hugepages=1", "hugepagesz=2M", "hugepages=9"],
    ),
  ),
);
