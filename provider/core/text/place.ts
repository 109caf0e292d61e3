import type { Place } from "../errors";
import { visible } from "./visible";

/** Offsets at which lines start. A line ends with LF, CRLF or a lone CR (XML 1.0, 2.11). */
export function lineStarts(text: string): number[] {
  const starts = [0];
  const ends = text.includes("\r") ? /\r\n?|\n/g : undefined;
  if (!ends) for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  else for (const end of text.matchAll(ends)) starts.push(end.index + end[0].length);
  return starts;
}

/** Index into `starts` of the line that holds `offset`. */
export function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Where `offset` (UTF-16) lies: line and column from 1, with the line and a caret. Columns count characters (code
 * points), as editors do; a BOM has no column.
 */
export function placeAt(
  text: string,
  offset: number,
  file: string,
  starts: readonly number[] = lineStarts(text),
): Place {
  const at = Math.min(Math.max(offset, 0), text.length);
  const index = lineIndex(starts, at);
  const start = index === 0 && text.startsWith("\ufeff") ? 1 : (starts[index] ?? 0);
  const next = starts[index + 1];
  const end = next === undefined ? text.length : next - (text.startsWith("\r\n", next - 2) ? 2 : 1);
  const column = countChars(text, start, at) + 1;
  return { file, line: index + 1, column, excerpt: excerpt(text, start, Math.min(Math.max(at, start), end), end) };
}

/** UTF-16 offset of the `count`-th character (code point) of `text`. */
export function offsetOfChar(text: string, count: number): number {
  let at = 0;
  for (let seen = 0; seen < count && at < text.length; seen++) at += isPair(text, at) ? 2 : 1;
  return at;
}

function countChars(text: string, from: number, to: number): number {
  let chars = 0;
  for (let at = from; at < to; at += isPair(text, at) ? 2 : 1) chars++;
  return chars;
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}

/** How much of a long line is shown on either side of the caret: a board file may be one line. */
const SHOWN = 60;

function excerpt(text: string, start: number, at: number, end: number): string {
  const from = Math.max(start, at - SHOWN);
  const to = Math.min(end, at + SHOWN);
  const before = (from > start ? "..." : "") + shown(text.slice(from, at));
  const after = shown(text.slice(at, to)) + (to < end ? "..." : "");
  return `  ${before}${after}\n  ${" ".repeat([...before].length)}^`;
}

/** Tabs become one space, so that the caret stands right whatever the terminal's tab stops are. */
function shown(piece: string): string {
  return visible(piece.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "").replaceAll("\t", " "));
}
