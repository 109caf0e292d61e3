import { FS_UUID } from "../../server/physics/grub/spec";
import { type GuestOsSpec, kernelsOf } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { programs, put } from "./put";

/** A Yocto image: no initrd, one kernel by a plain name, and systemd-boot or extlinux; with sysvinit its services are scripts of init.d. */
export function addYocto(files: HostFiles, spec: GuestOsSpec): void {
  const [version = ""] = kernelsOf(spec);
  put(files, "/boot/bzImage", `lab kernel ${version}\n`);
  const line = `root=PARTUUID=00000000-0000-4000-8000-000000000002 rootwait console=ttyS0,115200`;
  if (spec.loader === "extlinux") put(files, "/boot/extlinux/extlinux.conf", extlinux(line));
  else {
    put(files, "/boot/loader/loader.conf", "default boot.conf\ntimeout 3\n");
    put(files, "/boot/loader/entries/boot.conf", `title boot\nlinux /bzImage\noptions LABEL=boot ${line}\n`);
    files.set("/sys/firmware/efi/efivars", { kind: "folder" });
    programs(files, "/usr/bin/bootctl");
  }
  put(files, "/etc/sysctl.conf", "# settings of this machine\n");
  put(files, "/bin/busybox", "the lab's busybox\n", 0o755);
  if (spec.init === "sysvinit") addInit(files);
  put(files, `/dev/disk/by-uuid/${FS_UUID}`, "");
}

const extlinux = (line: string): string => `DEFAULT boot
TIMEOUT 30
PROMPT 0

LABEL boot
  MENU LABEL boot
  KERNEL /boot/bzImage
  APPEND ${line}
`;

function addInit(files: HostFiles): void {
  put(files, "/etc/inittab", "id:5:initdefault:\nsi::sysinit:/etc/init.d/rcS\n");
  for (const name of ["syslog", "procps.sh", "sshd"]) {
    put(files, `/etc/init.d/${name}`, "#!/bin/sh\nexit 0\n", 0o755);
    files.set(`/etc/rc5.d/S20${name}`, { kind: "link", target: `../init.d/${name}` });
  }
}
