import { type Snapshot, textOf } from "../../snapshot";
import { bootedImage } from "./marker";
import { PROMOTED_PATH } from "./paths";
import { readPromoted } from "./promoted";

const GRUB_CFG = "/boot/grub/grub.cfg";

/**
 * The image of ours that GRUB boots by default; undefined: the packaged one. Promoted without a menu that was made since, the one before it still is. Where
 * the menu lies elsewhere its time is not known, and the promotion alone counts.
 */
export function defaultImage(snapshot: Snapshot): string | undefined {
  const record = readPromoted(textOf(snapshot, PROMOTED_PATH));
  if (!record) return undefined;
  const [promoted, menu] = [snapshot.files.get(PROMOTED_PATH)?.mtime, snapshot.files.get(GRUB_CFG)?.mtime];
  return promoted === undefined || menu === undefined || menu >= promoted ? record.id : record.before[0];
}

export function isDefault(snapshot: Snapshot, id: string): boolean {
  return defaultImage(snapshot) === id;
}

/** The image of ours that runs and that the next boot does not take: on trial, or taken back. */
export function unconfirmedImage(snapshot: Snapshot): string | undefined {
  const running = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  return running === undefined || isDefault(snapshot, running) ? undefined : running;
}
