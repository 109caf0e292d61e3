import { DEVICE, FS_UUID } from "../../server/physics/grub/spec";
import { isRealtime } from "../../server/physics/guest/live";
import { type GuestOsSpec, kernelsOf } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { link, programs, put } from "./put";

const FOLDERS = [
  "/root",
  "/run",
  "/tmp",
  "/var/lib",
  "/var/log",
  "/proc",
  "/sys",
  "/etc/sysctl.d",
  "/usr/lib/sysctl.d",
  "/boot",
];

const NAMES: Readonly<Record<GuestOsSpec["layout"], readonly [id: string, name: string, version: string]>> = {
  debian: ["debian", "Debian GNU/Linux", "12"],
  ubuntu: ["ubuntu", "Ubuntu", "22.04"],
  rhel: ["rhel", "Red Hat Enterprise Linux", "9.4"],
  yocto: ["poky", "Poky (Yocto Project Reference Distro)", "5.0"],
  script: ["poky", "Poky (Yocto Project Reference Distro)", "5.0"],
};

/** What any guest has: its disk, who it is, and where its kernel's modules are. */
export function addCommon(files: HostFiles, spec: GuestOsSpec): void {
  for (const folder of FOLDERS) files.set(folder, { kind: "folder" });
  for (const device of [
    DEVICE,
    "/dev/vda2",
    `/dev/disk/by-uuid/${FS_UUID}`,
    "/dev/disk/by-partuuid/00000000-0000-4000-8000-000000000002",
  ])
    put(files, device, "");
  const [id, name, version] = NAMES[spec.layout];
  put(
    files,
    "/etc/os-release",
    `ID=${id}\nNAME="${name}"\nVERSION_ID="${version}"\nPRETTY_NAME="${name} ${version}"\n`,
  );
  put(files, "/etc/hostname", "guest\n");
  put(files, "/sbin/init", "the lab's init\n", 0o755);
  programs(files, "/usr/sbin/sysctl", "/usr/sbin/reboot", "/usr/sbin/poweroff", "/usr/bin/dmesg");
  for (const version of kernelsOf(spec)) put(files, `/usr/lib/modules/${version}/modules.dep`, "");
  link(files, "/lib/modules", "../usr/lib/modules");
}

/** The kernels of /boot; the first line of each is how the lab tells them apart. @param initrd by version */
export function addKernels(files: HostFiles, spec: GuestOsSpec, initrd: (version: string) => string): void {
  for (const version of kernelsOf(spec)) {
    put(files, `/boot/vmlinuz-${version}`, `lab kernel ${version}\n`);
    put(files, `/boot/${initrd(version)}`, `lab initrd ${version}\n`);
    put(
      files,
      `/boot/config-${version}`,
      isRealtime(version) ? "CONFIG_PREEMPT_RT=y\n" : "# CONFIG_PREEMPT_RT is not set\n",
    );
  }
}
