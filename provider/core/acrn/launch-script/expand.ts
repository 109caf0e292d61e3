import { callOf, functionAround, lookUp } from "./lookup";
import type { Assignment, Script, Spot } from "./script";
import { type Quote, type Segment, segmentsOf } from "./words";

/** Where pieces of a field stand: a word of the command or array, or the value of an assignment. */
export interface Home {
  start: number;
  end: number;
  /** Set where it is the value of a variable. */
  variable?: string;
}

/** Text of a field with where it is written. */
export interface Piece {
  text: string;
  start: number;
  end: number;
  quote: Quote;
  home: Home;
}

/** One word as a command gets it, after expansion and splitting (POSIX.1-2017, 2.6). */
export interface Field {
  pieces: Piece[];
  /** Set where only running the script tells its text; `pieces` is then what comes before that. */
  why?: string;
  /** Any number of words: `"$@"`, an array among other text. */
  many?: true;
}

export function textOf(field: Field): string | undefined {
  return field.why === undefined ? headOf(field) : undefined;
}

/** What is known of its beginning. */
export function headOf({ pieces }: Field): string {
  return pieces.map(({ text }) => text).join("");
}

/** More is nobody's argument, and keeps hostile scripts cheap. */
const DEEPEST = 8;
const LONGEST = 64 * 1024;

/** The fields that the word `[home.start, home.end)` becomes where it is used. */
export function expand(script: Script, home: Home, use: Spot): Field[] {
  const maker = new Maker();
  for (const segment of segmentsOf(script.text, home.start, home.end)) {
    const known = literalOf(script, segment, home, use, 0);
    if ("why" in known) maker.unknown(known.why, MANY.test(script.text.slice(segment.start, segment.end)));
    else if (segment.kind === "parameter" && segment.quote === "") maker.split(known.pieces);
    else maker.add(known.pieces);
  }
  return maker.fields;
}

const MANY = /^\$(?:[@*]|\{[@*]|\{\w+\[[@*]\])/;

type Known = { pieces: Piece[] } | { why: string };

function literalOf(script: Script, segment: Segment, home: Home, use: Spot, depth: number): Known {
  const { start, end, quote } = segment;
  if (segment.kind === "text") return { pieces: [{ text: segment.value, start, end, quote, home }] };
  const source = shortened(script.text.slice(start, end));
  if (segment.kind !== "parameter") return { why: `computed by ${source}` };
  if (depth >= DEEPEST) return { why: `${source} is set from too many others` };
  if (/^\d$/.test(segment.name)) return positional(script, Number(segment.name), use, depth);
  const found = lookUp(script, segment.name, use);
  if (found.kind !== "one") return { why: found.why };
  const { name, start: from, end: to } = found.at;
  return literalOfWord(script, { start: from, end: to, variable: name }, found.at, depth + 1);
}

/** A value that nothing splits: of an assignment, of a positional parameter. */
function literalOfWord(script: Script, home: Home, use: Spot, depth: number): Known {
  const pieces: Piece[] = [];
  let size = 0;
  for (const segment of segmentsOf(script.text, home.start, home.end)) {
    // Nothing makes file names or words of a value (2.9.1); `~` is the exception.
    const asIs = segment.kind === "computed" && "*?[{".includes(script.text.charAt(segment.start));
    const made = asIs ? asText(script, segment) : segment;
    const known = literalOf(script, made, home, use, depth);
    if ("why" in known) return known;
    pieces.push(...known.pieces);
    size += known.pieces.reduce((sum, { text }) => sum + text.length, 0);
    if (size > LONGEST) return { why: `${home.variable ?? "a value"} is too long` };
  }
  return { pieces };
}

function asText(script: Script, { start, end, quote }: Segment): Segment {
  return { kind: "text", start, end, quote, value: script.text.slice(start, end) };
}

function positional(script: Script, number: number, use: Spot, depth: number): Known {
  const around = functionAround(use);
  const call = around?.functionName === undefined ? undefined : callOf(script, around.functionName);
  const moved = script.byName.get("shift") ?? script.byName.get("set")?.filter(({ words }) => words.length > 1);
  if (!call || moved?.length) return { why: `$${number} is what the script is called with` };
  const word = call.words[number];
  return word ? literalOfWord(script, { start: word.start, end: word.end }, call, depth + 1) : { pieces: [] };
}

/** Stands for text that only running the script tells. */
export const UNKNOWN = "\0";

/** What one of several assignments gives a variable; what it adds to its own former value counts alone. */
export function roughValue(script: Script, assignment: Assignment): string {
  const { name, start, end } = assignment;
  const home = { start, end, variable: name };
  const parts = segmentsOf(script.text, start, end).map((segment) => {
    if (segment.kind === "parameter" && segment.name === name) return "";
    const known = literalOf(script, segment, home, assignment, 1);
    return "why" in known ? UNKNOWN : known.pieces.map(({ text }) => text).join("");
  });
  return parts.join("");
}

/** As messages show it. */
export function shortened(source: string): string {
  const line = source.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}...` : line;
}

class Maker {
  readonly fields: Field[] = [];
  private current: Field | undefined;

  add(pieces: readonly Piece[]): void {
    this.open();
    for (const piece of pieces) this.put(piece);
  }

  unknown(why: string, many: boolean): void {
    const field = this.open();
    field.why ??= why;
    if (many) field.many = true;
  }

  /** White space ends words (2.6.5); patterns may become file names (2.6.6). */
  split(pieces: readonly Piece[]): void {
    for (const piece of pieces)
      for (const { 0: part, index } of piece.text.matchAll(/[ \t\n]+|[^ \t\n]+/g)) {
        if (/^[ \t\n]/.test(part)) this.current = undefined;
        else {
          this.open();
          this.put(cut(piece, index, part));
          if (/[*?[]/.test(part)) this.unknown(`${shortened(part)} is a pattern, which may become file names`, false);
        }
      }
  }

  private open(): Field {
    if (!this.current) {
      this.current = { pieces: [] };
      this.fields.push(this.current);
    }
    return this.current;
  }

  private put(piece: Piece): void {
    const field = this.open();
    if (field.why === undefined) field.pieces.push(piece);
  }
}

/** A part of a piece; only where each character stands for itself can its place be told. */
function cut(piece: Piece, offset: number, text: string): Piece {
  if (text.length === piece.text.length || piece.end - piece.start !== piece.text.length) return { ...piece, text };
  return { ...piece, text, start: piece.start + offset, end: piece.start + offset + text.length };
}
