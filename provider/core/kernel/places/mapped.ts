import { AcrnError } from "../../errors";
import type { TextEdit } from "../../text/edits";

/** How text is written in a stretch of a file; undefined: it cannot be. */
export type Encode = (text: string) => string | undefined;

/** A stretch of a command line with where each of its characters stands in the file. */
export interface Stretch {
  text: string;
  /** Of each character: `[from, to)` in the file. */
  spans: readonly (readonly [number, number])[];
  /** Where text goes that is put at its end. */
  end: number;
  encode: Encode;
}

/** A piece of a command line as it stands in the file: the whole, or what a boot loader joins with others. */
export type Piece = readonly Stretch[];

/** A command line as a boot loader puts it together, and the way back into the file. White space, or nothing but the ends of words, is between its pieces. */
export interface Mapped {
  pieces: readonly Piece[];
}

export function textOf(piece: Piece): string {
  return piece.map(({ text }) => text).join("");
}

/** The line as the kernel reads it, but for white space. */
export function lineOf({ pieces }: Mapped): string {
  return pieces.map(textOf).join(" ");
}

/** Text that stands in the file as it is meant. */
export function plainStretch(text: string, start: number, encode: Encode = (piece) => piece): Stretch {
  const spans = Array.from({ length: text.length }, (_, at) => [start + at, start + at + 1] as const);
  return { text, spans, end: start + text.length, encode };
}

/** Edits of a piece as edits of the file; undefined where the file cannot say them. */
export function inFile(stretches: Piece, edits: readonly TextEdit[]): TextEdit[] | undefined {
  const out: TextEdit[] = [];
  for (const edit of edits) {
    const home = edit.text === "" ? undefined : homeOf(stretches, edit);
    const text = home?.stretch.encode(edit.text);
    if (edit.text !== "" && (home === undefined || text === undefined)) return undefined;
    if (home) out.push({ start: home.at, end: home.at, text: text as string });
    let from = 0;
    for (const stretch of stretches) {
      out.push(...deletions(stretch, edit.start - from, edit.end - from));
      from += stretch.text.length;
    }
  }
  return merged(out);
}

/** What is put in stands where the first character that goes stood, else behind the character before it. */
function homeOf(stretches: readonly Stretch[], { start, end }: TextEdit): { stretch: Stretch; at: number } | undefined {
  let from = 0;
  let fallback: { stretch: Stretch; at: number } | undefined;
  for (const stretch of stretches) {
    const { spans, text } = stretch;
    const first = spans[start - from];
    const before = spans[start - from - 1];
    if (start < end && first) return { stretch, at: first[0] };
    if (start === end && before) return { stretch, at: before[1] };
    if (start === from) fallback ??= { stretch, at: first?.[0] ?? stretch.end };
    from += text.length;
  }
  return fallback;
}

function deletions({ spans }: Stretch, from: number, to: number): TextEdit[] {
  return spans.slice(Math.max(0, from), Math.max(0, to)).map(([start, end]) => ({ start, end, text: "" }));
}

/** Neighbours become one edit, so that what is written is read in one piece. */
function merged(edits: readonly TextEdit[]): TextEdit[] {
  const out: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = out.at(-1);
    if (last && last.end === edit.start) {
      last.end = edit.end;
      last.text += edit.text;
    } else out.push({ ...edit });
  }
  return out;
}

/** A character that a place has a meaning of its own for. */
export function unsayable(file: string, key: string, word: string, why: string): AcrnError {
  return new AcrnError("cmdline.place", `${key}: ${JSON.stringify(word)} cannot be said in this file: ${why}`, {
    where: { file },
    hint: "Give a value without it, or set the parameter by hand.",
  });
}
