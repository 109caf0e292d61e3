// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are GRUB's scripts
import type { KernelEvidence } from "../../../provider/core/kernel/loader";

/** A machine's evidence, with what the case at hand changes. */
export function machine(
  files: Record<string, string>,
  rest: Partial<Omit<KernelEvidence, "files">> = {},
): KernelEvidence {
  return {
    files: new Map(Object.entries(files)),
    commands: new Set(["update-grub", "grub-mkconfig", "grub-reboot"]),
    efi: false,
    ostree: false,
    bootFs: { type: "ext4", below: "" },
    ...rest,
  };
}

const BLOCK = `if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="0"
fi
`;

/** A grub.cfg as grub-mkconfig writes it; `line`: what 10_linux puts behind `ro`. */
export function grubCfg(line: string, { block = BLOCK, before = "", custom = true } = {}): string {
  const entry = (
    id: string,
    title: string,
    words: string,
    indent: string,
  ) => `${indent}menuentry '${title}' --class debian $menuentry_id_option '${id}' {
${indent}	load_video
${indent}	insmod gzio
${indent}	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
${indent}	insmod part_gpt
${indent}	search --no-floppy --fs-uuid --set=root 11-22
${indent}	echo	'Loading Linux 6.1.0-18-rt-amd64 ...'
${indent}	linux	/boot/vmlinuz-6.1.0-18-rt-amd64 root=UUID=11-22 ro ${words}
${indent}	echo	'Loading initial ramdisk ...'
${indent}	initrd	/boot/initrd.img-6.1.0-18-rt-amd64
${indent}}
`;
  return `### BEGIN /etc/grub.d/00_header ###
${block}### END /etc/grub.d/00_header ###
${before}
### BEGIN /etc/grub.d/10_linux ###
function gfxmode {
	set gfxpayload="\${1}"
}
${entry("gnulinux-simple-11-22", "Debian GNU/Linux", line, "")}submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced-11-22' {
${entry("gnulinux-6.1-recovery", "Debian (recovery mode)", "single", "	")}}
### END /etc/grub.d/10_linux ###
${custom ? "\n### BEGIN /etc/grub.d/41_custom ###\nif [ -f  ${config_directory}/custom.cfg ]; then\n  source ${config_directory}/custom.cfg\nfi\n### END /etc/grub.d/41_custom ###\n" : ""}`;
}

export const GRUBENV = `# GRUB Environment Block\n${"#".repeat(990)}`;
export const MKCONFIG = "if test -f ${sysconfdir}/default/grub ; then\n  . ${sysconfdir}/default/grub\nfi\n";
export const MKCONFIG_FRAGMENTS = `${MKCONFIG}for x in \${sysconfdir}/default/grub.d/*.cfg ; do . "\${x}"; done\n`;

/** Debian as its installer leaves it. */
export function debian(
  variables = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  line = "quiet",
): Record<string, string> {
  return {
    "/etc/default/grub": `GRUB_DEFAULT=0\n${variables}`,
    "/boot/grub/grub.cfg": grubCfg(line),
    "/boot/grub/grubenv": GRUBENV,
    "/usr/sbin/grub-mkconfig": MKCONFIG_FRAGMENTS,
  };
}

const entry = (version: string, options: string) =>
  `title Red Hat\nversion ${version}\nlinux /vmlinuz-${version}\ninitrd /initramfs-${version}.img\noptions ${options}\n`;

/** RHEL 9: entries are files, and grub.cfg only calls for them. */
export function rhel(
  options = "root=/dev/mapper/rhel-root ro rhgb quiet $tuned_params",
  saved = "a1b2-5.14.0-427",
): Record<string, string> {
  return {
    "/etc/default/grub": 'GRUB_CMDLINE_LINUX="rhgb quiet"\nGRUB_ENABLE_BLSCFG=true\n',
    "/etc/kernel/cmdline": "root=/dev/mapper/rhel-root ro rhgb quiet\n",
    "/boot/grub2/grub.cfg": `set default="\${saved_entry}"\n### BEGIN /etc/grub.d/10_linux ###\ninsmod blscfg\nblscfg\n### END /etc/grub.d/10_linux ###\n`,
    "/boot/grub2/grubenv": `# GRUB Environment Block\nsaved_entry=${saved}\ntuned_params=isolcpus=9 nohz=on\n####`,
    "/boot/loader/entries/a1b2-5.14.0-427.conf": entry("5.14.0-427", options),
    "/boot/loader/entries/a1b2-5.14.0-362.conf": entry("5.14.0-362", options),
    "/boot/loader/entries/a1b2-0-rescue.conf": entry("0-rescue", options),
  };
}

/** Arch or a Debian with systemd-boot. */
export function systemdBoot(names: readonly string[] = ["arch"], config = "timeout 3\n"): Record<string, string> {
  const entries = names.map(
    (name) => [`/efi/loader/entries/${name}.conf`, entry(name, "root=PARTUUID=9a rw")] as const,
  );
  return {
    "/efi/loader/loader.conf": config,
    "/etc/kernel/cmdline": "root=PARTUUID=9a rw\n",
    ...Object.fromEntries(entries),
  };
}

export const EXTLINUX = "default l0\nlabel l0\n\tlinux /boot/vmlinuz\n\tappend root=/dev/sda1 ro\n";
