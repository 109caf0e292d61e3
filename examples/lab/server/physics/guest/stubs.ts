import { existsSync } from "node:fs";
import { askAs, shellAs, systemdRunAs, unameOf } from "../stub-texts";
import type { GuestIdentity, GuestOsSpec } from "./spec";

const GRUB = ["mkconfig", "reboot", "set-default", "editenv", "probe", "mkrelpath"];

const DEBIAN = ["update-grub", ...GRUB.map((name) => `grub-${name}`)];
const RHEL = ["grubby", ...GRUB.map((name) => `grub2-${name}`)];

/** What a guest of this kind has of the commands that the lab stands in for. */
function commandsOf({ layout, loader, systemd }: GuestOsSpec & { systemd: boolean }): string[] {
  const own = layout === "debian" || layout === "ubuntu" ? DEBIAN : layout === "rhel" ? RHEL : [];
  const boot = layout === "yocto" && loader !== "extlinux" ? ["bootctl"] : [];
  return ["reboot", "poweroff", "halt", "shutdown", "sysctl", ...own, ...boot, ...(systemd ? ["systemctl"] : [])];
}

/** Of those, what must not reach the machine that the lab runs on where a guest has it not. */
const DANGEROUS = ["systemctl", "systemd-run", "bootctl", ...DEBIAN, ...RHEL];

const dmesg = (tree: string): string => `sed 's/^[0-9]*,[0-9]*,\\([0-9]*\\),[^;]*;/[    0.\\1] /' '${tree}/dev/kmsg'\n`;

/** The stubs of a guest that boots. They ring with its name before their words. */
export function guestOsStubs(
  spec: GuestOsSpec & GuestIdentity & { systemd: boolean },
  desk: string,
): Record<string, string> {
  const { name, dir, systemd } = spec;
  const there = Object.fromEntries(
    commandsOf(spec).map((command) => [command, askAs(desk, "guest", `'${name}' ${command}`)]),
  );
  const all: Record<string, string> = {
    ...there,
    ...(systemd && { "systemd-run": systemdRunAs(desk, `guest`, `'${name}'`) }),
    dmesg: dmesg(dir),
    uname: unameOf(dir),
    sh: shellAs(desk, "sh", dir, `guest '${name}' translate`),
  };
  const shadowed = DANGEROUS.filter(
    (command) => !(command in all) && FOLDERS.some((folder) => existsSync(`${folder}/${command}`)),
  );
  return {
    ...all,
    ...Object.fromEntries(shadowed.map((command) => [command, `echo "sh: ${command}: not found" >&2\nexit 127\n`])),
  };
}

/** Of the guest's PATH (os.ts). */
const FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin"];
