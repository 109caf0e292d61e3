import { againstBoot } from "../core/acrn/boot-time";
import { exactTextOf, type FileState, type Snapshot } from "../core/snapshot";

export const GRUB_CFG = "/boot/grub/grub.cfg";

/** How far a file below /etc/default/grub.d came. */
export type MenuStage =
  /** Not in GRUB's menu yet: update-grub is to come. */
  | "written"
  /** In the menu, which is newer than this boot. */
  | "in menu"
  /** In the menu since before this boot. */
  | "booted"
  /** In the menu; whether this boot was before or after that is not told, or told by a clock that was wrong. */
  | "unknown"
  | "future";

/** By the times of the files alone. @param planned the file's text as it is to be */
export function menuStage(snapshot: Snapshot, path: string, planned: string | undefined): MenuStage {
  const file = snapshot.files.get(path);
  const menu = snapshot.files.get(GRUB_CFG);
  const onDisk = planned !== undefined && exactTextOf(snapshot, path) === planned;
  if (!onDisk || !after(menu, file)) return "written";
  const made = againstBoot(snapshot, menu);
  return made === "before" ? "booted" : made === "since" ? "in menu" : made;
}

function after(menu: FileState | undefined, file: FileState | undefined): boolean {
  return menu?.mtime !== undefined && file?.mtime !== undefined && menu.mtime >= file.mtime;
}
