import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { snippetEntries } from "./bls";
import { changeEnvironment, readEnvironment } from "./environment";
import { type Loaded, load } from "./load";
import { findEntry, type Menu, type MenuEntry, readMenu } from "./menu";
import { environmentFile, folderOf, type GrubSpec, grubWrites, menuFile } from "./spec";
import { expand } from "./words";

/** What GRUB has loaded when it says `boot`, or why it says nothing. */
export type Choice = { entry: MenuEntry; loaded: Loaded } | { trouble: string };

/**
 * What a machine's GRUB boots; undefined: it has no menu.
 *
 * @param real GRUB takes next_entry away, where it can write; else it is only looked at what would boot
 */
export function chooses(dir: string, grub: GrubSpec, real: boolean): Choice | undefined {
  const menu = menuOf(dir, grub);
  if (!menu) return undefined;
  const trouble: string[] = [];
  for (const entry of candidates(dir, menu, grub, real)) {
    const result = load(entry, dir, grub);
    if ("loaded" in result) return { entry, loaded: result.loaded };
    trouble.push(...result.trouble);
  }
  // the menu stays, without a timeout, and waits for somebody [grub-core/normal/menu.c: show_menu, grub_menu_execute_entry]
  return { trouble: trouble.join("; ") || "the menu is empty" };
}

/** Undefined also for a text that no grub-mkconfig made: it chooses nothing. */
export function menuOf(dir: string, grub: GrubSpec = {}): Menu | undefined {
  const text = textAt(dir, menuFile(grub));
  if (text === undefined) return undefined;
  const beside = {
    folder: folderOf(grub),
    text: (path: string) => textAt(dir, path),
    snippets: () => snippetEntries(dir, variablesOf(dir, grub)),
  };
  const menu = readMenu(text, beside);
  return menu.entries.length > 0 || menu.byDefault !== undefined ? menu : undefined;
}

/** What counts as the default where next_entry says nothing. */
export function defaultOf(dir: string, { byDefault = "0" }: Menu, grub: GrubSpec = {}): string {
  return expand(byDefault, Object.fromEntries(variablesOf(dir, grub)));
}

/** The chosen entry, then those of `fallback`, which are numbers [grub_menu_execute_with_fallback]. */
function candidates(dir: string, menu: Menu, grub: GrubSpec, real: boolean): MenuEntry[] {
  const next = menu.once ? variablesOf(dir, grub).get("next_entry") : undefined;
  if (next && real && grubWrites(grub))
    changeEnvironment(join(dir, environmentFile(grub)), (variables) => variables.set("next_entry", ""));
  const first = findEntry(menu.entries, next || defaultOf(dir, menu, grub));
  const more = (menu.fallback ?? "").split(/\s+/).filter(Boolean);
  return [first, ...more.map((wanted) => findEntry(menu.entries, wanted))].flatMap((found) => found?.entry ?? []);
}

function variablesOf(dir: string, grub: GrubSpec): ReadonlyMap<string, string> {
  try {
    return readEnvironment(join(dir, environmentFile(grub)));
  } catch {
    return new Map(); // load_env says what is wrong with it, and GRUB goes on
  }
}

function textAt(dir: string, path: string): string | undefined {
  const file = join(dir, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
