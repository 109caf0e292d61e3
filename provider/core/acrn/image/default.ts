import { type Snapshot, textOf } from "../../snapshot";
import { PROMOTED_PATH } from "./paths";
import { readPromoted } from "./promoted";

const GRUB_CFG = "/boot/grub/grub.cfg";

/**
 * Whether the image was promoted, and GRUB's menu made since: one without the other boots the image before. Where the menu lies elsewhere its time is not
 * known, and the promotion alone counts.
 */
export function isDefault(snapshot: Snapshot, id: string): boolean {
  if (readPromoted(textOf(snapshot, PROMOTED_PATH))?.id !== id) return false;
  const [promoted, menu] = [snapshot.files.get(PROMOTED_PATH)?.mtime, snapshot.files.get(GRUB_CFG)?.mtime];
  return promoted === undefined || menu === undefined || menu >= promoted;
}
