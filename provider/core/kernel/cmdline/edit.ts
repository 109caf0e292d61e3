import { AcrnError } from "../../errors";
import type { TextEdit } from "../../text/edits";
import { canonicalName } from "./keys";
import { normalText } from "./normal";
import type { Cmdline, Param } from "./parse";
import { type ParamValue, paramsOf, printWord, wordsFor } from "./value";

/** Edits of each piece of a line that give a key its value, and touch nothing else; `null` takes it out. None where it has it already. */
export function setEdits(lines: readonly Cmdline[], key: string, value: ParamValue | null): TextEdit[][] {
  const found = lines.flatMap((line, piece) => paramsOf(line, key).map((param) => ({ piece, param })));
  const wanted = value === null ? [] : wordsFor(key, value);
  const kept = found.slice(0, wanted.length);
  const gone = found.slice(kept.length).map(({ param }) => param);
  const edits = lines.map((line) => removals(line, gone));
  kept.forEach(({ piece, param }, at) => {
    const word = wanted[at] as Word;
    if (!says(param, key, word)) edits[piece]?.push(replacement(param, word));
  });
  const words = wanted.slice(kept.length).map((word) => printWord(word.name, word.value));
  const last = kept.at(-1);
  const home = last?.piece ?? homeOf(lines);
  if (words.length > 0) edits[home]?.push(insertion(lines[home] as Cmdline, words, last?.param));
  if (edits.some((list) => list.length > 0) && lines.some(({ open }) => open)) throw openQuote();
  return edits;
}

type Word = { name: string; value: string | true };

/** The last piece with a parameter, else the first. */
export function homeOf(lines: readonly Cmdline[]): number {
  return Math.max(
    0,
    lines.findLastIndex(({ params }) => params.length > 0),
  );
}

function openQuote(): AcrnError {
  return new AcrnError("cmdline.quote", "the kernel command line has a quote that does not end", {
    hint: "Whatever is put behind it would be a part of it: end the quote, or take it out.",
  });
}

function says(param: Param, key: string, word: Word): boolean {
  const normal = (value: string | true) => (value === true ? value : normalText(key, value));
  return canonicalName(param.name) === canonicalName(word.name) && normal(param.value) === normal(word.value);
}

/** A name that is there stays as it is spelled. */
function replacement({ name, start, end }: Param, word: Word): TextEdit {
  const spelled = canonicalName(name) === canonicalName(word.name) ? name : word.name;
  return { start, end, text: printWord(spelled, word.value) };
}

/** Behind `after`, else behind all parameters; before a `--` in any case. */
export function insertion(line: Cmdline, words: readonly string[], after = line.params.at(-1)): TextEdit {
  const text = words.join(" ");
  if (after) return { start: after.end, end: after.end, text: ` ${text}` };
  const gap = /^\s*/.exec(line.rest)?.[0].length ?? 0;
  return line.rest.length > gap ? { start: gap, end: gap, text: `${text} ` } : { start: 0, end: 0, text };
}

/**
 * Takes parameters out with the white space before each, so that what {@link insertion} put in goes without a trace. Those at the very beginning go with the white space
 * behind them.
 */
export function removals({ params, rest }: Cmdline, gone: readonly Param[]): TextEdit[] {
  let leading = true;
  return params.flatMap((param, at) => {
    if (!gone.includes(param)) {
      leading = false;
      return [];
    }
    const { start, end, gap } = param;
    if (!leading) return [{ start: start - gap.length, end, text: "" }];
    const behind = params[at + 1]?.gap ?? /^\s*(?=--)/.exec(rest)?.[0] ?? "";
    return [{ start, end: end + behind.length, text: "" }];
  });
}
