import { STANDS_FOR_PACKAGED } from "../../server/physics/grub/mkconfig";
import type { GuestOsSpec } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { addKernels } from "./common";
import { link, programs, put } from "./put";

/** GRUB as Debian packages it: settings in one file, one folder of scripts, and a menu that 41_custom lets /boot/grub/custom.cfg into. */
export function addDebian(files: HostFiles, spec: GuestOsSpec): void {
  addGrub(files, spec, SETTINGS);
  put(files, "/usr/lib/sysctl.d/50-pid-max.conf", "kernel.pid_max = 4194304\n");
  put(files, "/usr/lib/sysctl.d/99-protect-links.conf", "fs.protected_symlinks = 1\n");
  // systemd-sysctl reads sysctl.conf only by this link; procps reads it last
  put(files, "/etc/sysctl.conf", "# settings of this machine\n#net.ipv4.ip_forward=1\n");
  link(files, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
  put(files, "/etc/sysctl.d/README.sysctl", "Fragments end in .conf.\n");
}

/** What Debian's and Ubuntu's GRUB have in common. */
export function addGrub(files: HostFiles, spec: GuestOsSpec, settings: string): void {
  addKernels(files, spec, (version) => `initrd.img-${version}`);
  put(files, "/etc/default/grub", settings);
  for (const name of ["00_header", "05_debian_theme", "10_linux"])
    put(files, `/etc/grub.d/${name}`, STANDS_FOR_PACKAGED, 0o755);
  put(files, "/etc/grub.d/40_custom", CUSTOM_40, 0o755);
  put(files, "/etc/grub.d/41_custom", CUSTOM_41, 0o755);
  const names = ["update-grub", "grub-reboot", "grub-set-default", "grub-probe"];
  programs(files, ...names.map((name) => `/usr/sbin/${name}`), "/usr/bin/grub-editenv", "/usr/bin/grub-mkrelpath");
  put(files, "/usr/sbin/grub-mkconfig", MKCONFIG, 0o755);
}

/** Red Hat's reads no fragments: who wants to know which one it is looks into it. */
const MKCONFIG =
  "the lab's stub leads PATH; like Debian's it reads /etc/default/grub, then /etc/default/grub.d/*.cfg\n";

const SETTINGS = `# After a change here: update-grub
GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_CMDLINE_LINUX=""

#GRUB_TERMINAL=console
#GRUB_DISABLE_RECOVERY="true"
`;

/** It prints what stands below its third line. */
const CUSTOM_40 = `#!/bin/sh
exec tail -n +3 $0
# entries of this machine's own go below
`;

/** GRUB reads the file at boot, if there is one: no update-grub in between [util/grub.d/41_custom.in]. */
export const CUSTOM_41 = `#!/bin/sh
cat <<'END'
if [ -f  \${config_directory}/custom.cfg ]; then
  source \${config_directory}/custom.cfg
elif [ -z "\${config_directory}" -a -f  $prefix/custom.cfg ]; then
  source $prefix/custom.cfg
fi
END
`;
