import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isHypervisor } from "../lab-image";
import type { MenuEntry } from "./menu";
import { absolute, type GrubSpec } from "./spec";
import { grubWords } from "./words";

/** What GRUB has put into memory when it says `boot`. */
export interface Loaded {
  loader: "multiboot2" | "linux";
  /** Path on the machine. */
  file: string;
  /** The words behind it. */
  words: string[];
  /** `module2`, or the initrd: path on the machine and the words behind it. */
  modules: { file: string; words: string[] }[];
}

export type LoadResult = { loaded: Loaded; trouble: string[] } | { trouble: string[] };

/**
 * Runs an entry. A command that fails does not end it [grub-core/script/execute.c, grub_script_execute_cmdlist]; it boots if the last one
 * was good and something is loaded [grub-core/normal/menu.c, grub_menu_execute_entry].
 */
export function load(entry: MenuEntry, dir: string, grub: GrubSpec): LoadResult {
  let loaded: Loaded | undefined;
  let last: string | undefined;
  const trouble: string[] = [];
  for (const line of entry.lines) {
    const [command = "", ...words] = grubWords(line, { root: "hd0,gpt2", prefix: "(hd0,gpt2)/boot/grub" });
    last = undefined;
    const say = (text: string): void => {
      last = text;
      trouble.push(text);
    };
    if (/^(multiboot2?|linux(16|efi)?)$/.test(command)) {
      const taken = take(words, dir, grub);
      if (typeof taken === "string") say(taken);
      else if (/^multi/.test(command) && !isHypervisor(join(dir, taken.file))) say("no multiboot header found");
      else loaded = { loader: command.startsWith("linux") ? "linux" : "multiboot2", ...taken, modules: [] };
    } else if (/^(module2?|initrd(16|efi)?)$/.test(command)) {
      const taken = loaded ? take(words, dir, grub) : "you need to load the kernel first";
      if (typeof taken === "string") say(taken);
      else loaded?.modules.push(taken);
    }
  }
  if (last === undefined && loaded) return { loaded, trouble };
  return { trouble: trouble.length > 0 ? trouble : ["nothing is loaded"] };
}

/** A file that cannot be read, or is empty and so no kernel and no image, is refused. */
function take(all: readonly string[], dir: string, grub: GrubSpec): { file: string; words: string[] } | string {
  const [name, ...words] = all.filter((word, at) => !(word.startsWith("--") && at === 0));
  if (name === undefined) return "filename expected";
  const file = absolute(name, grub);
  const at = join(dir, file);
  if (!existsSync(at) || !statSync(at).isFile()) return `file \`${name}' not found`;
  return readFileSync(at).length === 0 ? `premature end of file ${name}` : { file, words };
}
