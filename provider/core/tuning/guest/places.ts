import { TRIAL_ARMED } from "../../kernel/trial/armed";
import { TRIAL_DROP_IN_PATH, TRIAL_UNIT_PATH } from "../../kernel/trial/watch";
import { PROFILES } from "../profiles/catalog";
import { OFFERED } from "../profiles/offered";
import type { What } from "../profiles/types";
import { REPORT } from "../runtime/report";
import { RUNTIME_SCRIPT } from "../runtime/script";
import { TUNING_DROP_IN_PATH, TUNING_UNIT_PATH } from "../runtime/unit";
import { sysctlPath } from "../sysctl/names";
import { SYSCTL_CONF, SYSCTL_FOLDERS } from "../sysctl/order";

/** Keys that a profile of ours sets, or that are offered: of these the first read tells already whether the guest has them, and how they are. */
const keys = (of: What): string[] => [
  ...new Set(
    [...PROFILES.flatMap(({ entries }) => entries), ...OFFERED].filter(({ what }) => what === of).map(({ key }) => key),
  ),
];

/** Where packages put units; `/lib` is another place where it is no link to `/usr/lib`. */
export const PACKAGED_UNITS = ["/usr/lib/systemd/system", "/lib/systemd/system"] as const;

/** Files that say what a guest is and what else sets what we set. */
export const GUEST_EVIDENCE_FILES: readonly string[] = [
  TRIAL_ARMED,
  REPORT,
  RUNTIME_SCRIPT,
  TUNING_UNIT_PATH,
  TUNING_DROP_IN_PATH,
  TRIAL_UNIT_PATH,
  TRIAL_DROP_IN_PATH,
  SYSCTL_CONF,
  "/etc/systemd/system.conf",
  "/etc/initramfs-tools/initramfs.conf",
  "/etc/dracut.conf",
  "/etc/apt/apt.conf",
  "/etc/dnf/automatic.conf",
  ...PACKAGED_UNITS.flatMap((folder) => keys("service").map((unit) => `${folder}/${unit}`)),
];

/** Short texts of what runs, by name. */
export const GUEST_EVIDENCE_TEXTS: readonly string[] = [
  "proc/version",
  "sys/kernel/realtime",
  "proc/sys/kernel/panic",
  ...keys("sysctl").map((key) => `proc/sys/${sysctlPath(key)}`),
];

/** The same by glob. */
export const GUEST_EVIDENCE_GLOBS: readonly string[] = [
  ...SYSCTL_FOLDERS.map((folder) => `${folder}/*.conf`),
  "/etc/systemd/system.conf.d/*.conf",
  "/etc/apt/apt.conf.d/*",
  "/dev/watchdog*",
  "/etc/systemd/system/multi-user.target.wants/*.service",
  ...["service", "socket", "timer", "path"].map((kind) => `/etc/systemd/system/*.${kind}`),
];
