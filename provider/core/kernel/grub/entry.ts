import { readGrubCfg } from "../../acrn/image/grub-cfg";
import type { GrubMenu, MenuEntry } from "../../acrn/image/grub-cfg/types";
import { wordsOf } from "../../acrn/image/grub-cfg/words";
import { AcrnError } from "../../errors";

/** A command of a menu entry: its words as GRUB hands them on, and where its source stands in the file. */
export interface EntryCommand {
  words: string[];
  /** The words as they are written, variables of GRUB and all. */
  sources: string[];
  start: number;
  end: number;
}

/** What a menu entry boots. */
export interface KernelEntry {
  entry: MenuEntry;
  /** The script of `/etc/grub.d` that wrote it. */
  script?: string;
  commands: readonly EntryCommand[];
  /** The command that carries the kernel's line. */
  kernel: EntryCommand;
  /** The kernel's line, without what GRUB puts before it (`BOOT_IMAGE=`). */
  line: string;
}

export type Booted =
  | { known: true; menu: GrubMenu; boots: KernelEntry }
  | { known: false; menu?: GrubMenu; why: string };

/** What a generated grub.cfg boots by default; never throws. @param saved `saved_entry` of grubenv */
export function defaultEntry(text: string, file: string, saved = ""): Booted {
  try {
    const menu = readGrubCfg(text, { file, saved });
    if (!menu.default.known) return { known: false, menu, why: menu.default.why };
    const boots = kernelEntry(text, file, menu.default.entry);
    return boots
      ? { known: true, menu, boots }
      : { known: false, menu, why: `"${menu.default.entry.title}" loads no kernel` };
  } catch (error) {
    if (error instanceof AcrnError) return { known: false, why: error.summary };
    throw error;
  }
}

/** An entry with its commands; undefined: it loads no kernel, or more than one. */
export function kernelEntry(text: string, file: string, entry: MenuEntry): KernelEntry | undefined {
  const commands = commandsOf(text, file, entry.body);
  const loading = commands.filter(({ words }) => loadsKernel(words));
  const [kernel] = loading;
  if (!kernel || loading.length > 1) return undefined;
  const script = text
    .slice(0, entry.body.start)
    .match(/^### BEGIN (\S+) ###$/gm)
    ?.at(-1)
    ?.split(" ")[2];
  return { entry, ...(script === undefined ? {} : { script }), commands, kernel, line: lineOf(kernel.words.slice(2)) };
}

/** ACRN's hypervisor hands its own line on to the Service VM [hypervisor/boot/guest/vboot_info.c]. */
function loadsKernel([command = "", file = ""]: readonly string[]): boolean {
  return /^linux(?:16|efi)?$/.test(command) || (command === "multiboot2" && /acrn[^/]*$/.test(file));
}

/** As GRUB joins words; one with a blank is one word to the kernel too [grub-core/lib/cmdline.c]. */
function lineOf(words: readonly string[]): string {
  return words.map((word) => (/ /.test(word) && !word.includes('"') ? `"${word}"` : word)).join(" ");
}

function commandsOf(text: string, file: string, { start, end }: MenuEntry["body"]): EntryCommand[] {
  const offset = start + 1;
  const commands: EntryCommand[] = [];
  let current: EntryCommand | undefined;
  const tokens = wordsOf(text.slice(offset, end), file);
  for (const [index, token] of tokens.entries()) {
    const at = offset + token.at;
    const next = tokens[index + 1];
    if (token.kind !== "word") {
      current = undefined;
      continue;
    }
    const source = sourceOf(text.slice(at, next ? offset + next.at : end));
    if (!current) {
      current = { words: [], sources: [], start: at, end: at };
      commands.push(current);
    }
    current.words.push(token.text);
    current.sources.push(source);
    current.end = at + source.length;
  }
  return commands;
}

/** A word without what separates it from the next; a comment may stand there too. */
function sourceOf(slice: string): string {
  return /['"\\]/.test(slice) ? slice.trimEnd() : (/^\S+/.exec(slice)?.[0] ?? "");
}

/** Does the menu call `blscfg`, which makes entries of BLS files while the machine boots [rhboot/grub2, grub-core/commands/blscfg.c]? */
export function callsBlscfg(text: string): boolean {
  return /^[ \t]*blscfg(?:[ \t]|$)/m.test(text);
}

/** Variables of an environment block: `grubenv` [GRUB manual, "Environment block"]. */
export function environmentOf(text: string | undefined): ReadonlyMap<string, string> {
  const lines = (text ?? "").split("\n").filter((line) => !line.startsWith("#"));
  return new Map(
    lines.flatMap((line) =>
      line.includes("=") ? [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const] : [],
    ),
  );
}
