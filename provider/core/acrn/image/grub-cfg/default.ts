import type { Command, DefaultEntry, MenuEntry } from "./types";

/** Where the block stands among the commands, and the text that it sets `default` to otherwise. */
interface Block {
  from: number;
  to: number;
  otherwise: string;
}

/** The block of grub-mkconfig's 00_header, a line a command; `else` is followed by what boots otherwise. */
const BLOCK = [
  /^(?:if|elif) \[ \$\{next_entry\} \]$/,
  /^then$/,
  /^set default=\$\{next_entry\}$/,
  /^set next_entry=$/,
  /^save_env next_entry$/,
  /^set boot_once=true$/,
  /^else$/,
  /^set default=(.*)$/s,
  /^fi$/,
];

/** Only as a whole: half of it would boot the trial for ever, or never. */
export function nextEntryBlock(commands: readonly Command[]): Block | undefined {
  const lines = commands.map((words) => words.join(" "));
  const found = lines.flatMap((_, from) =>
    BLOCK.every((part, index) => part.test(lines[from + index] ?? "")) ? [from] : [],
  );
  const [from] = found;
  if (from === undefined || found.length > 1) return undefined;
  const otherwise = BLOCK[7]?.exec(lines[from + 7] ?? "")?.[1] ?? "";
  return { from, to: from + BLOCK.length, otherwise };
}

export function bootsByDefault(
  commands: readonly Command[],
  block: Block | undefined,
  entries: readonly MenuEntry[],
  saved: string,
): DefaultEntry {
  const no = (why: string) => ({ known: false as const, why });
  if (!block) return no("grub.cfg has no block that takes next_entry, as grub-mkconfig writes it");
  const others = commands.filter((words, at) => (at < block.from || at >= block.to) && setsDefault(words));
  if (others.length > 0) return no("the default is set more than once");
  const wanted = block.otherwise === `\${saved_entry}` ? saved || "0" : block.otherwise;
  if (wanted.includes("$")) return no(`the default is ${wanted}, which only GRUB can tell`);
  const entry = resolve(wanted, entries);
  if (entry) return { known: true, entry };
  return { ...no(`the default is ${JSON.stringify(wanted)}, and no one entry is called so`), wanted };
}

const setsDefault = (words: Command): boolean => /^(set )?default=/.test(words.join(" "));

/** `A>B` leads into submenus; each step is an index, an id or a title (GRUB manual, "default"). A submenu itself boots nothing. */
function resolve(wanted: string, entries: readonly MenuEntry[]): MenuEntry | undefined {
  let menu: MenuEntry | undefined;
  for (const step of wanted.split(">")) {
    const parent = menu?.path ?? [];
    const inside = entries.filter(
      ({ path }) => path.length === parent.length + 1 && parent.every((n, at) => path[at] === n),
    );
    const fits = /^\d+$/.test(step)
      ? inside.filter(({ path }) => path.at(-1) === Number(step))
      : inside.filter(({ id, title }) => id === step || title === step);
    if (fits.length !== 1) return undefined;
    [menu] = fits;
  }
  return menu?.submenu ? undefined : menu;
}
