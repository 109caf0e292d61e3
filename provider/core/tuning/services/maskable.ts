import { AcrnError } from "../../errors";

/** Without one of these a guest does not come up, or nobody gets in to mend it. */
const NEEDED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^(?:ssh|sshd|sshd@|dropbear|dropbear@|dropbearkey)(?:@[^.]*)?\.(?:service|socket)$/,
    "it is how the guest is reached",
  ],
  [/^dbus(?:-broker)?\.(?:service|socket)$/, "systemctl, logind and the network need it"],
  [
    /^systemd-udevd(?:-control|-kernel|-varlink)?\.(?:service|socket)$/,
    "without it disks and network cards are not found",
  ],
  [
    /^systemd-(?:sysctl|tmpfiles-setup(?:-dev)?|remount-fs|modules-load)\.service$/,
    "it sets up what others need at each boot",
  ],
  [
    /^systemd-(?:networkd|resolved|logind)\.(?:service|socket)$|^(?:networking|NetworkManager|wpa_supplicant|connman|ifupdown.*)\.service$/,
    "the guest could not be reached any more",
  ],
  [
    /^(?:emergency|rescue|getty@.*|serial-getty@.*|console-getty|initrd-.*|systemd-fsck.*|systemd-(?:poweroff|halt|reboot))\.service$/,
    "it is the way back when something goes wrong",
  ],
];

/** Units that must not be masked. @param from who asks, for the message; @throws AcrnError `tuning.service.needed` */
export function checkMask(unit: string, from: string): void {
  const why = NEEDED.find(([pattern]) => pattern.test(unit))?.[1];
  if (why === undefined) return;
  throw new AcrnError("tuning.service.needed", `${from}: ${unit} must not be masked: ${why}`, {
    hint: "Take it out.",
  });
}
