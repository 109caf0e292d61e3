import { bootsByDefault, nextEntryBlock } from "./grub-cfg/default";
import type { Command, GrubMenu, MenuEntry } from "./grub-cfg/types";
import { type Token, unreadable, wordsOf } from "./grub-cfg/words";

export type { DefaultEntry, GrubMenu, MenuEntry } from "./grub-cfg/types";

/**
 * What matters of a generated grub.cfg: the entries, whether a one-shot boot works, and what boots by default. It knows the block that grub-mkconfig's 00_header
 * writes, and refuses to guess about anything else. What another file brings (`source custom.cfg`) is not seen.
 * @param saved `saved_entry` of grubenv
 * @throws AcrnError `grub-cfg.syntax` with the place
 */
export function readGrubCfg(text: string, { file = "/boot/grub/grub.cfg", saved = "" } = {}): GrubMenu {
  const { entries, commands } = walk(text, file);
  const block = nextEntryBlock(commands);
  return { entries, nextEntry: block !== undefined, default: bootsByDefault(commands, block, entries, saved) };
}

/** The entry of that id in the top menu, where `grub-reboot ID` finds it; undefined where there is none, or more than one. */
export function topEntry({ entries }: GrubMenu, id: string): MenuEntry | undefined {
  const found = entries.filter((entry) => entry.id === id && !entry.submenu);
  return found.length === 1 && found[0]?.path.length === 1 ? found[0] : undefined;
}

type Word = Extract<Token, { kind: "word" }>;

/** A command of a keyword alone: what follows on its line is one of its own. */
const KEYWORDS = new Set(["then", "else", "do"]);

/** No menu is deeper: each entry carries its way down, so that depth costs its square. */
const DEEPEST = 64;

function walk(text: string, file: string): { entries: MenuEntry[]; commands: Command[] } {
  const entries: MenuEntry[] = [];
  const commands: Command[] = [];
  const blocks: { menu: boolean; path: number[]; count: number; at: number; entry?: MenuEntry }[] = [];
  const top = { menu: true, path: [] as number[], count: 0, at: 0 };
  const here = () => blocks.at(-1) ?? top;
  let words: Word[] = [];
  const finish = () => {
    if (blocks.length === 0 && words.length > 0) commands.push(words.map((word) => word.text));
    words = [];
  };
  for (const token of wordsOf(text, file)) {
    if (token.kind === "word") {
      words.push(token);
      if (words.length === 1 && token.bare && KEYWORDS.has(token.text)) finish();
    } else if (token.kind === "end") finish();
    else if (token.kind === "open") {
      const parent = here();
      if (blocks.length >= DEEPEST)
        throw unreadable(text, token.at, file, `blocks in each other, more than ${DEEPEST}`);
      const entry = parent.menu ? entryOf(words, [...parent.path, parent.count], token.at) : undefined;
      if (entry) {
        entries.push(entry);
        parent.count++;
      }
      const block = { menu: entry?.submenu ?? false, path: entry?.path ?? [], count: 0, at: token.at };
      blocks.push(entry ? { ...block, entry } : block);
      words = [];
    } else {
      finish();
      const closed = blocks.pop();
      if (!closed) throw unreadable(text, token.at, file, "a } without its {");
      if (closed.entry) closed.entry.body.end = token.at;
    }
  }
  finish();
  const [open] = blocks;
  if (open) throw unreadable(text, open.at, file, "a { without its }");
  return { entries, commands };
}

/** `menuentry TITLE [--class C]... [--id ID | $menuentry_id_option ID] {` (GRUB manual, "menuentry"). */
function entryOf(words: readonly Word[], path: number[], start: number): MenuEntry | undefined {
  const [command, title, ...rest] = words;
  if (!command?.bare || !title || !/^(menuentry|submenu)$/.test(command.text)) return undefined;
  const at = rest.findIndex(({ text }) => /^(--id|\$menuentry_id_option|\$\{menuentry_id_option\})$/.test(text));
  const id = at === -1 ? undefined : rest[at + 1]?.text;
  const known = id !== undefined && id !== "" && !id.includes("$");
  return {
    ...(known ? { id } : {}),
    title: title.text,
    submenu: command.text === "submenu",
    path,
    body: { start, end: start },
  };
}
