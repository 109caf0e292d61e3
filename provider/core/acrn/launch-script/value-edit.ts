import type { TextEdit } from "../../text/edits";
import { type Field, type Home, headOf, type Piece, textOf } from "./expand";
import type { Argument } from "./getopt";
import type { TemplateCall } from "./items";
import { isBare, quotedLike, within } from "./quote";
import type { Script } from "./script";
import { segmentsOf } from "./words";

/** Edits that give an argument another value where its literal stands; undefined where no literal can hold it. */
export function valueEdits(script: Script, argument: Argument, value: string): TextEdit[] | undefined {
  const item = argument.items.at(-1);
  if (argument.value === undefined || argument.value === true || !item) return undefined;
  if (item.kind === "call") return callEdits(script, item.call, argument.prefix + value);
  if (item.kind !== "field") return undefined;
  const edit = fieldEdit(script, item.field, { word: item.word, shared: item.siblings > 1 }, argument.prefix, value);
  return edit && [edit];
}

/** Places of a value that are not in its own word: literals of variables. */
export function distantLiterals(script: Script, argument: Argument): { start: number; end: number }[] {
  const item = argument.items.at(-1);
  if (item?.kind === "field") return siteIn(script, restOf(item.field, argument.prefix.length)).list;
  return item?.kind === "call" ? item.call.words.flatMap(({ field }) => siteIn(script, field.pieces).list) : [];
}

function callEdits(
  script: Script,
  { template, words, innerStart, innerEnd }: TemplateCall,
  argument: string,
): TextEdit[] | undefined {
  const wanted = template.write(argument);
  if (!wanted?.every(isBare)) return undefined;
  if (wanted.length !== words.length) {
    const start = words[0]?.home.start ?? innerEnd;
    const end = words.at(-1)?.home.end ?? innerStart;
    return start < end ? [{ start, end, text: wanted.join(" ") }] : undefined;
  }
  const edits = words.map(({ field, home }, at) => {
    const word = wanted[at] as string;
    return textOf(field) === word ? "same" : fieldEdit(script, field, { word: home, shared: false }, "", word);
  });
  return edits.some((edit) => edit === undefined) ? undefined : (edits.filter((edit) => edit !== "same") as TextEdit[]);
}

/** The literal in its variable, else the word itself. */
function fieldEdit(
  script: Script,
  field: Field,
  { word, shared }: { word: { start: number; end: number }; shared: boolean },
  prefix: string,
  value: string,
): TextEdit | undefined {
  const rest = restOf(field, prefix.length);
  const site = siteIn(script, rest);
  const [distant] = site.list;
  if (distant) {
    const source = script.text.slice(distant.start, distant.end);
    const text = site.whole ? quotedLike(source, value) : within(site.quote, value);
    return text === undefined ? undefined : { ...distant, text };
  }
  if (shared || rest.some(({ home }) => home.variable !== undefined)) return undefined;
  return wordEdit(script, word, prefix, value);
}

/** The word anew; what stands before the value in it stays as it is written. */
function wordEdit(
  script: Script,
  { start, end }: { start: number; end: number },
  prefix: string,
  value: string,
): TextEdit {
  const source = script.text.slice(start, end);
  if (prefix === "" || !source.startsWith(prefix)) return { start, end, text: quotedLike(source, prefix + value) };
  return { start: start + prefix.length, end, text: quotedLike(source.slice(prefix.length), value) };
}

/** Pieces of a field without its first characters. */
function restOf(field: Field, skip: number): Piece[] {
  const out: Piece[] = [];
  let left = skip;
  for (const piece of field.pieces) {
    const { text, start, end } = piece;
    const plain = end - start === text.length;
    if (left === 0) out.push(piece);
    else if (left < text.length) out.push({ ...piece, text: text.slice(left), start: plain ? start + left : start });
    left = Math.max(0, left - text.length);
  }
  return out;
}

interface Site {
  /** One, or none where the value is not of one variable alone. */
  list: { start: number; end: number }[];
  /** The variable holds nothing else. */
  whole: boolean;
  quote: Piece["quote"];
}

function siteIn(script: Script, pieces: readonly Piece[]): Site {
  const none: Site = { list: [], whole: false, quote: "" };
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last || first.home.variable === undefined) return none;
  const { home, quote } = first;
  if (!pieces.every((piece) => piece.home.start === home.start && piece.home.end === home.end)) return none;
  if (literalOf(script, home) === headOf({ pieces: [...pieces] }))
    return { list: [{ start: home.start, end: home.end }], whole: true, quote };
  const joined = pieces.every(
    (piece, at) => piece.quote === quote && (at === 0 || piece.start === pieces[at - 1]?.end),
  );
  return joined ? { list: [{ start: first.start, end: last.end }], whole: false, quote } : none;
}

/** The text of a value that has nothing to expand. */
function literalOf({ text }: Script, home: Home): string | undefined {
  const segments = segmentsOf(text, home.start, home.end);
  if (!segments.every((segment) => segment.kind === "text")) return undefined;
  return segments.map((segment) => (segment.kind === "text" ? segment.value : "")).join("");
}
