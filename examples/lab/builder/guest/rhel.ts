import { STANDS_FOR_PACKAGED } from "../../server/physics/grub/mkconfig";
import { FS_UUID } from "../../server/physics/grub/spec";
import { type GuestOsSpec, kernelsOf } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { addKernels } from "./common";
import { CUSTOM_41 } from "./debian";
import { link, programs, put } from "./put";

const MACHINE = "0123456789abcdef0123456789abcdef";

/** Red Hat: entries are snippets below /boot/loader/entries, which the menu asks for; settings count when a kernel is installed. */
export function addRhel(files: HostFiles, spec: GuestOsSpec): void {
  addKernels(files, spec, (version) => `initramfs-${version}.img`);
  for (const version of kernelsOf(spec))
    put(files, `/boot/loader/entries/${MACHINE}-${version}.conf`, snippet(version, spec));
  for (const name of ["00_header", "10_linux"]) put(files, `/etc/grub.d/${name}`, STANDS_FOR_PACKAGED, 0o755);
  put(files, "/etc/grub.d/41_custom", CUSTOM_41, 0o755);
  put(files, "/etc/default/grub", SETTINGS);
  link(files, "/etc/grub2.cfg", "../boot/grub2/grub.cfg");
  if (!spec.kernelopts) put(files, "/etc/kernel/cmdline", `root=UUID=${FS_UUID} ro ${LINE}\n`);
  const names = ["grub2-mkconfig", "grub2-reboot", "grub2-set-default", "grub2-probe", "grubby"];
  programs(files, ...names.map((name) => `/usr/sbin/${name}`), "/usr/bin/grub2-editenv");
  put(files, "/usr/lib/sysctl.d/10-default-yama-scope.conf", "-kernel.yama.ptrace_scope = 0\n");
  put(files, "/usr/lib/sysctl.d/50-default.conf", "kernel.sysrq = 16\n-net.ipv4.conf.*.rp_filter = 2\n");
  put(files, "/etc/sysctl.conf", "# settings of this machine\n");
  link(files, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
}

const LINE = "crashkernel=1G-4G:192M,4G-64G:256M console=ttyS0,115200n8";

/** RHEL 8 keeps the line of all entries in one variable; in 9 each has its own. */
function snippet(version: string, { kernelopts }: GuestOsSpec): string {
  const options = kernelopts ? "$kernelopts $tuned_params" : `root=UUID=${FS_UUID} ro ${LINE} $tuned_params`;
  return `title Red Hat Enterprise Linux (${version}) 9.4 (Plow)
version ${version}
linux /vmlinuz-${version}
initrd /initramfs-${version}.img $tuned_initrd
options ${options}
grub_users $grub_users
grub_arg --unrestricted
grub_class rhel
`;
}

/** What the installer sets: the entry of the first kernel that was named, and in RHEL 8 the line that entries share. */
export function rhelEnvironment(spec: GuestOsSpec): [string, string][] {
  const line: [string, string] = ["kernelopts", `root=UUID=${FS_UUID} ro ${LINE}`];
  const saved: [string, string] = ["saved_entry", `${MACHINE}-${kernelsOf(spec)[0]}`];
  return [saved, ...(spec.kernelopts ? [line] : []), ["boot_success", "0"]];
}

const SETTINGS = `GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR="Red Hat Enterprise Linux"
GRUB_DEFAULT=saved
GRUB_DISABLE_SUBMENU=true
GRUB_TERMINAL_OUTPUT="console"
GRUB_CMDLINE_LINUX="${LINE}"
GRUB_DISABLE_RECOVERY="true"
GRUB_ENABLE_BLSCFG=true
`;
