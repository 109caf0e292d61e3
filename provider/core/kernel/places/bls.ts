import type { Surface } from "../../claims/types";
import { grubTrouble } from "./grub-words";
import { type LinePlace, type LineRefusal, lineSurface } from "./line-surface";
import { essence, linesOf, withLine } from "./lines";
import { type Mapped, type Piece, plainStretch } from "./mapped";

/** Who reads the entry. */
export type BlsReader = "grub" | "systemd-boot";

const OPTIONS = /^([ \t]*options)(?:([ \t])(.*))?$/s;

/**
 * `loader/entries/*.conf`, the key `options` [Boot Loader Specification, "Type #1 Boot Loader Entry Keys"]. Of several lines systemd-boot joins all, and GRUB takes
 * the first alone [grub-core/commands/blscfg.c create_entry]. A variable of GRUB (`$kernelopts`, `$tuned_params`) is a word like others: foreign, and left alone.
 */
export function blsPlace(reader: BlsReader): LinePlace {
  return {
    open: (text) => openEntry(text, reader),
    create: (text) => withLine(text, "options "),
    rest: (text) => essence(text.split("\n").filter((line) => !OPTIONS.test(line))),
    trouble: (word) => (reader === "grub" ? grubTrouble(word) : undefined),
  };
}

/** The same as a surface for claims. */
export function blsSurface(reader: BlsReader): Surface {
  return lineSurface(blsPlace(reader));
}

function openEntry(text: string, reader: BlsReader): Mapped | LineRefusal | undefined {
  const all = linesOf(text).flatMap(({ text: line, start, number }) => {
    const found = OPTIONS.exec(line);
    return found ? [{ found, start, number }] : [];
  });
  const read = reader === "grub" ? all.slice(0, 1) : all;
  const pieces: Piece[] = [];
  for (const { found, start, number } of read) {
    const [, head = "", gap, value = ""] = found;
    // systemd-boot takes off quotes around the whole value [src/boot/util.c line_get_key_value]
    if (reader === "systemd-boot" && isQuoted(value.trim()))
      return { line: number, why: "systemd-boot takes the quotes off that it begins and ends with" };
    const at = start + head.length + (gap?.length ?? 0);
    pieces.push([plainStretch(value, at, gap === undefined ? (text) => ` ${text}` : undefined)]);
  }
  return pieces.length > 0 ? { pieces } : undefined;
}

function isQuoted(value: string): boolean {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"');
}

/** Values of a key of an entry, in their order: `linux`, `version`. */
export function blsValues(text: string, key: string): string[] {
  return linesOf(text).flatMap(({ text: line }) => {
    const [head = "", name] = /^[ \t]*([^\s#]\S*)[ \t]/.exec(line) ?? [];
    return name === key ? [line.slice(head.length).trim()] : [];
  });
}
