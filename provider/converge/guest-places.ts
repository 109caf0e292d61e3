import { EVIDENCE_PATHS } from "../core/kernel/loader";
import { GUEST_EVIDENCE_FILES, GUEST_EVIDENCE_GLOBS, GUEST_EVIDENCE_TEXTS } from "../core/tuning/guest/places";

/** What the read of a guest looks for besides what every read does. A guest may be any Linux, so most of it is not there. */
export const GUEST_FILES: readonly string[] = [
  ...EVIDENCE_PATHS.filter((path) => !path.includes("*")),
  "/boot/grub/custom.cfg",
  "/boot/grub2/custom.cfg",
  ...GUEST_EVIDENCE_FILES,
];

/** By glob; a shell's star stands for anything but a slash. */
export const GUEST_GLOBS: readonly string[] = [
  ...EVIDENCE_PATHS.filter((path) => path.includes("*")),
  ...GUEST_EVIDENCE_GLOBS,
];

/** Short texts of what runs. */
export const GUEST_TEXTS = GUEST_EVIDENCE_TEXTS;
