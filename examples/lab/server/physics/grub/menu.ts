import { grubWords } from "./words";

export interface MenuEntry {
  title: string;
  /** GRUB takes the title where none is given. */
  id: string;
  /** Of a submenu. */
  entries?: MenuEntry[];
  /** Lines of its block, not yet taken apart: variables are known when it runs. */
  lines: string[];
}

/** A menu as GRUB reads it, and the three settings of its header that decide what boots. */
export interface Menu {
  entries: MenuEntry[];
  /** The text between the quotes of `set default=`, where next_entry is not set; undefined: the first entry. */
  byDefault?: string;
  /** It asks for next_entry, and clears it [util/grub.d/00_header.in]. */
  once: boolean;
  /** `set fallback=`. */
  fallback?: string;
}

/** What a menu takes in from beside itself. */
export interface Beside {
  /** Where it lies, as its paths say it. */
  folder: string;
  /** What `source` reads. */
  text(path: string): string | undefined;
  /** What `blscfg` makes entries of. */
  snippets(): MenuEntry[];
}

const ALONE: Beside = { folder: "", text: () => undefined, snippets: () => [] };

/** What is in a grub.cfg; the commands outside of entries are looked through for those settings, and for what they take in, not run. */
export function readMenu(text: string, beside: Beside = ALONE): Menu {
  const menu: Menu = { entries: [], once: false };
  take(text, menu, beside, new Set());
  return menu;
}

/** @param taken a file is named in two branches of 41_custom, of which one runs */
function take(text: string, menu: Menu, beside: Beside, taken: Set<string>): void {
  const open: (MenuEntry | "other")[] = [];
  const into = (): MenuEntry | undefined => open.filter((one): one is MenuEntry => one !== "other").at(-1);
  const variables = { menuentry_id_option: "--id", prefix: beside.folder, config_directory: beside.folder };
  for (const line of text.split("\n")) {
    const words = grubWords(line, variables);
    const entry = into();
    if (words.at(-1) === "{" && /^(menuentry|submenu)$/.test(words[0] ?? "")) {
      const made = entryOf(words);
      (entry?.entries ?? menu.entries).push(made);
      open.push(made);
    } else if (words.at(-1) === "{") open.push("other");
    else if (words[0] === "}") open.pop();
    else if (entry) entry.lines.push(line.trim());
    else if (words[0] === "blscfg") menu.entries.push(...beside.snippets());
    else if (words[0] === "source" || words[0] === ".") source(words[1] ?? "", menu, beside, taken);
    else setting(line, menu);
  }
}

function source(word: string, menu: Menu, beside: Beside, taken: Set<string>): void {
  const path = word.replace(/;$/, "");
  const text = taken.has(path) ? undefined : beside.text(path);
  taken.add(path);
  if (text !== undefined) take(text, menu, beside, taken);
}

function entryOf([kind, ...words]: string[]): MenuEntry {
  const options = words.slice(0, -1);
  let title: string | undefined;
  let id: string | undefined;
  for (let at = 0; at < options.length; at++) {
    const word = options[at] as string;
    if (word === "--id") id = options[++at];
    else if (/^--(class|users|hotkey|source)$/.test(word)) at++;
    else if (!word.startsWith("--")) title ??= word;
  }
  const named = { title: title ?? "", id: id ?? title ?? "", lines: [] };
  return kind === "submenu" ? { ...named, entries: [] } : named;
}

function setting(line: string, menu: Menu): void {
  const [, name, value = ""] = /^\s*set\s+(default|fallback)=(?:"([^"]*)"|'?[^"']*'?)\s*$/.exec(line) ?? [];
  const plain = value || grubWords(line)[1]?.replace(/^\w+=/, "") || "";
  if (name === "fallback") menu.fallback = plain;
  else if (name === "default" && value === `\${next_entry}`) menu.once = true;
  else if (name === "default") menu.byDefault = value || plain;
}

/** Where a text leads; `exact` is false where nothing in the menu is meant by it, and GRUB takes the first entry. */
export interface Found {
  entry: MenuEntry;
  exact: boolean;
}

/**
 * GRUB's default: a number, a title or an id, from menu to submenu by `>`; `>>` is the character [grub-core/normal/menu.c: menuentry_eq,
 * get_entry_number, run_menu]. Undefined: the menu is empty.
 */
export function findEntry(entries: readonly MenuEntry[], wanted: string): Found | undefined {
  const [, head = "", tail = ""] = /^((?:[^>]|>>)*)(?:>([\s\S]*))?$/.exec(wanted) ?? [];
  const name = head.replaceAll(">>", ">");
  const at = /^\d+$/.test(name) ? Number(name) : entries.findIndex(({ title, id }) => title === name || id === name);
  const entry = entries[at] ?? entries[0];
  if (!entry) return undefined;
  const exact = entries[at] !== undefined;
  if (!entry.entries) return { entry, exact: exact && tail === "" };
  const inner = findEntry(entry.entries, tail);
  return inner && { entry: inner.entry, exact: exact && (inner.exact || tail === "") };
}
