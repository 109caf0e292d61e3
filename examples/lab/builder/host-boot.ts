import { FS_UUID } from "../server/physics/grub/spec";
import { type HostTreeSpec, LAB_KERNEL } from "./host-spec";

/** A file of a host's /boot or of GRUB's settings. */
export interface BootFile {
  path: string;
  content: string;
  mode?: number;
}

/** What a kernel package puts into /boot; the first line is how the lab tells kernels apart. */
export function kernelFiles({ kernels = [LAB_KERNEL] }: Pick<HostTreeSpec, "kernels">, hsm = true): BootFile[] {
  return kernels.flatMap((version) => [
    { path: `/boot/vmlinuz-${version}`, content: `lab kernel ${version}\n` },
    { path: `/boot/initrd.img-${version}`, content: `lab initrd ${version}\n` },
    { path: `/boot/config-${version}`, content: hsm ? "CONFIG_ACRN_HSM=m\n" : "# CONFIG_ACRN_HSM is not set\n" },
  ]);
}

/**
 * The settings that menus are made from. The package's own default, a title, is none that 25_linux_acrn writes (its entries name kernel and
 * version, too), so a machine that boots ACRN by itself has the id of those entries, as somebody set it.
 */
export function menuFiles({ grub, acrnVersion, kernels: [kernel] = [LAB_KERNEL] }: HostTreeSpec): BootFile[] {
  const settings = [
    { path: "/etc/default/grub", content: GRUB_DEFAULT },
    { path: "/etc/default/grub.d/acrn.cfg", content: GRUB_ACRN },
  ];
  if (!grub) return settings;
  const legacy = acrnVersion.startsWith("2");
  const id = legacy ? "ACRN_deb_multiboot2" : `acrn-gnulinux-${FS_UUID}`;
  const own = { path: "/etc/default/grub.d/local.cfg", content: `GRUB_DEFAULT="${id}"\n` };
  // nothing packaged 2.x for GRUB: misc/packaging writes 40_custom (reference 1.2)
  const custom = { path: "/etc/grub.d/40_custom", content: custom2x(id, acrnVersion, `${kernel}`), mode: 0o755 };
  const disk = { path: `/dev/disk/by-uuid/${FS_UUID}`, content: "" };
  return [...settings, own, disk, ...(legacy ? [custom] : [])];
}

const custom2x = (id: string, version: string, kernel: string): string => `#!/bin/sh
. "$pkgdatadir/grub-mkconfig_lib"
boot=$(make_system_path_relative_to_its_root /boot)
boot=\${boot%/}
cat <<EOF
menuentry 'ACRN multiboot2 ' --id ${id} {
	multiboot2 $boot/acrn-${version}.bin root=UUID=$GRUB_DEVICE_UUID
	module2 $boot/vmlinuz-${kernel} Linux_bzImage
	module2 $boot/initrd.img-${kernel}
}
EOF
`;

const GRUB_DEFAULT = `# If you change this file, run 'update-grub' afterwards.
GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_CMDLINE_LINUX=""
`;

const GRUB_ACRN = `# Settings of the ACRN entries; run 'update-grub' afterwards.
ACRN_OVERRIDE_GRUB_DEFAULT=""
export GRUB_CMDLINE_ACRN=""
#export GRUB_ACRN_MOD_RT_bzImage="/boot/rt-kernel"
`;
