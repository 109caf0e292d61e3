import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { defaultOf, menuOf } from "./server/physics/grub/choose";
import { load } from "./server/physics/grub/load";
import { findEntry } from "./server/physics/grub/menu";

/** What keeps a menu from booting what it says by default: by the lab's own GRUB. */
export function menuTrouble(dir: string): string | undefined {
  const menu = menuOf(dir);
  if (!menu) return undefined; // it chooses nothing
  const wanted = defaultOf(dir, menu);
  const found = findEntry(menu.entries, wanted);
  if (!found) return "it has no entry";
  if (!found.exact) return `its default ${JSON.stringify(wanted)} is no entry`;
  const { trouble } = load(found.entry, dir, { bootPartition: !reaches(dir, found.entry.lines) });
  return trouble.length === 0 ? undefined : `its default entry: ${trouble.join("; ")}`;
}

/** Whether its paths begin above /boot: a tree does not say whether /boot is a file system of its own. */
const reaches = (dir: string, lines: readonly string[]): boolean =>
  lines.some((line) => /\s\/boot\//.test(line)) || !existsSync(join(dir, "boot"));

/** GRUB writes it in place, in the size that it has (grub-core/lib/envblk.c). */
export function environmentTrouble(text: string): string | undefined {
  if (text.length !== 1024) return `it has ${text.length} bytes, not 1024`;
  return text.startsWith("# GRUB Environment Block\n") ? undefined : "it is no environment block";
}

/** The generation that boots by default is in /boot, whole. */
export function promotedTrouble(text: string, _path: string, dir: string): string | undefined {
  // the first line is it, those below were it before
  const [id = ""] = text.split("\n");
  if (!/^[0-9a-f]{16}$/.test(id) || !text.endsWith("\n")) return `it names no image: ${JSON.stringify(text)}`;
  const missing = ["acrn.bin", "entry"].find((name) => empty(join(dir, "boot/pulumi-acrn", id, name)));
  return missing === undefined ? undefined : `/boot/pulumi-acrn/${id}/${missing} is not there, or empty`;
}

const empty = (path: string): boolean =>
  !existsSync(path) || statSync(path).size === 0 || readFileSync(path).length === 0;
