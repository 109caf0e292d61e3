import type { GuestOsSpec } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { addGrub } from "./debian";
import { link, put } from "./put";

/** Ubuntu: as Debian, but fragments in default/grub.d win over the file that everybody edits, and the menu is hidden. */
export function addUbuntu(files: HostFiles, spec: GuestOsSpec): void {
  addGrub(files, spec, SETTINGS);
  put(files, "/etc/default/grub.d/50-cloudimg-settings.cfg", CLOUD);
  put(files, "/etc/default/grub.d/init-select.cfg", "# says which init boots where more than one is there\n");
  put(files, "/etc/sysctl.d/10-console-messages.conf", "kernel.printk = 4 4 1 7\n");
  put(files, "/etc/sysctl.d/10-magic-sysrq.conf", "kernel.sysrq = 176\n");
  put(files, "/usr/lib/sysctl.d/50-default.conf", "-net.ipv4.ping_group_range = 0 2147483647\n");
  put(files, "/usr/lib/sysctl.d/50-pid-max.conf", "kernel.pid_max = 4194304\n");
  put(files, "/etc/sysctl.conf", "# settings of this machine\n#net.ipv4.ip_forward=1\n");
  link(files, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
  // what snaps leave: mounts of theirs, as units and in /snap
  put(
    files,
    "/etc/systemd/system/snap-core20-2015.mount",
    "[Mount]\nWhat=/var/lib/snapd/snaps/core20_2015.snap\nWhere=/snap/core20/2015\n",
  );
  put(files, "/var/lib/snapd/state.json", "{}\n");
  files.set("/snap/core20/2015", { kind: "folder" });
}

const SETTINGS = `# After a change here: update-grub
GRUB_DEFAULT=0
GRUB_TIMEOUT_STYLE=hidden
GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=\`( . /etc/os-release; echo \${NAME:-Ubuntu} ) 2>/dev/null || echo Ubuntu\`
GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"
GRUB_CMDLINE_LINUX=""
`;

/** As cloud images have it: whoever edits /etc/default/grub edits what nothing reads. */
const CLOUD = `GRUB_TIMEOUT=0
GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0"
`;
