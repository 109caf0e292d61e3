import { type MenuSource, menuOfSnippet } from "../../core/kernel/grub/bls-menu";
import { defaultEntry, environmentOf } from "../../core/kernel/grub/entry";
import type { Place } from "./place";

/** What GRUB boots by default today, as a menu entry; a text says why that cannot be told. */
export function bootsNow({ place, evidence }: Extract<Place, { kind: "file" }>): MenuSource | string {
  const { menu, loader, file = "" } = place;
  if (menu === undefined) return `${loader} has no menu that could be read`;
  const grubenv = evidence.files.get(`${menu.slice(0, menu.lastIndexOf("/"))}/grubenv`);
  const environment = environmentOf(grubenv ?? evidence.files.get("/boot/grub2/grubenv"));
  if (loader === "grub-bls")
    return menuOfSnippet(evidence.files.get(file) ?? "", environment) ?? `${file} loads no kernel`;
  const text = evidence.files.get(menu) ?? "";
  const booted = defaultEntry(text, menu, environment.get("saved_entry"));
  return booted.known ? { text, boots: booted.boots } : booted.why;
}
