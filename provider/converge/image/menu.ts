import { readGrubCfg, topEntry } from "../../core/acrn/image/grub-cfg";
import { menuEntryId } from "../../core/acrn/image/paths";
import type { ImageSession } from "../../host/image/session";

/** GRUB's menu as it is on the disk has the image, and would boot it once when told. */
export async function hasEntry(session: ImageSession, id: string): Promise<boolean> {
  const { file, text } = await session.menu();
  const menu = readGrubCfg(text, { file });
  return menu.nextEntry && topEntry(menu, menuEntryId(id)) !== undefined;
}

/** Id of the entry that boots when nobody says otherwise; undefined where it has none, or only GRUB can tell. */
export async function bootsByDefaultId(session: ImageSession): Promise<string | undefined> {
  const { file, text } = await session.menu();
  const { default: boots } = readGrubCfg(text, { file });
  return boots.known ? boots.entry.id : undefined;
}

/** What the menu asks for by default although it is, or was, an image of ours. */
export interface StillOurs {
  asked: string;
  /** False: no entry is called so, and GRUB takes its first one. */
  boots: boolean;
}

/**
 * Undefined: it asks for another one.
 * @param saved `saved_entry` of grubenv
 */
export async function stillOurs(session: ImageSession, saved: string): Promise<StillOurs | undefined> {
  const { file, text } = await session.menu();
  const { default: boots } = readGrubCfg(text, { file, saved });
  const asked = boots.known ? boots.entry.id : boots.wanted;
  return asked?.startsWith("pulumi-acrn-") ? { asked, boots: boots.known } : undefined;
}
