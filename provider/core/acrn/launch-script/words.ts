import { nestedEnd } from "./nesting";

/** How a stretch of a word is quoted. */
export type Quote = "" | "'" | '"';

/** A stretch of a word as the shell reads it (POSIX.1-2017, 2.2 and 2.6), with where it stands. */
export type Segment = { start: number; end: number; quote: Quote } & (
  | { kind: "text"; value: string }
  /** `$name`, `${name}` or a positional parameter. */
  | { kind: "parameter"; name: string }
  /** `$(...)` or backquotes around `[innerStart, innerEnd)`. */
  | { kind: "command"; innerStart: number; innerEnd: number; backquoted: boolean }
  /** What only running it tells. */
  | { kind: "computed" }
);

/** Cuts `[start, end)` of a script, which is one word or a part of one, into stretches. */
export function segmentsOf(text: string, start: number, end: number): Segment[] {
  const out: Segment[] = [];
  let at = start;
  while (at < end) {
    const char = text.charAt(at);
    if (char === "'") at = singleQuoted(text, at, end, out);
    else if (char === '"') at = doubleQuoted(text, at, end, out);
    else at = next(text, at, end, "", out, at === start);
  }
  return out;
}

function singleQuoted(text: string, at: number, end: number, out: Segment[]): number {
  const close = text.indexOf("'", at + 1);
  const stop = close < 0 || close >= end ? end : close;
  out.push({ kind: "text", start: at + 1, end: stop, quote: "'", value: text.slice(at + 1, stop) });
  return Math.min(stop + 1, end);
}

/** An empty pair is a stretch too: it makes a word where there would be none. */
function doubleQuoted(text: string, at: number, end: number, out: Segment[]): number {
  const stop = Math.min(nestedEnd(text, at), end);
  const close = text[stop - 1] === '"' && stop - 1 > at ? stop - 1 : stop;
  if (close === at + 1) out.push({ kind: "text", start: close, end: close, quote: '"', value: "" });
  for (let inner = at + 1; inner < close; ) inner = next(text, inner, close, '"', out, false);
  return stop;
}

/** Characters that an unquoted word may not have: patterns (2.13), braces of bash. */
const PATTERN = "*?[{";

function next(text: string, at: number, end: number, quote: Quote, out: Segment[], first: boolean): number {
  const char = text.charAt(at);
  if (char === "\\") return escaped(text, at, end, quote, out);
  if (char === "`") return command(at, nestedEnd(text, at), true, quote, out);
  if (char === "$") return expansion(text, at, end, quote, out);
  const computed = quote === "" && (PATTERN.includes(char) || (first && char === "~"));
  if (computed) out.push({ kind: "computed", start: at, end: at + 1, quote });
  else addText(out, at, at + 1, quote, char);
  return at + 1;
}

/** Within double quotes a backslash escapes only these (2.2.3). */
function escaped(text: string, at: number, end: number, quote: Quote, out: Segment[]): number {
  const char = text.charAt(at + 1);
  if (at + 1 >= end || (quote === '"' && !'$`"\\\n'.includes(char))) {
    addText(out, at, at + 1, quote, "\\");
    return at + 1;
  }
  if (char !== "\n") out.push({ kind: "text", start: at, end: at + 2, quote: quote || "'", value: char });
  return at + 2;
}

function expansion(text: string, at: number, end: number, quote: Quote, out: Segment[]): number {
  const rest = text.slice(at, Math.min(end, at + 80));
  const named = /^\$(?:([A-Za-z_]\w{0,63}|[1-9])|\{([A-Za-z_]\w{0,63}|[1-9])\})/.exec(rest);
  if (named) {
    const stop = at + named[0].length;
    out.push({ kind: "parameter", start: at, end: stop, quote, name: named[1] ?? (named[2] as string) });
    return stop;
  }
  if (rest.startsWith("$(") && !rest.startsWith("$((")) return command(at, nestedEnd(text, at), false, quote, out);
  const nested = rest.startsWith("${") || rest.startsWith("$(");
  const special = /^\$[@*#?$!0-9-]/.test(rest) || (quote === "" && /^\$['"]/.test(rest));
  if (!nested && !special) {
    addText(out, at, at + 1, quote, "$");
    return at + 1;
  }
  // `$'...'` and `$"..."`: the quotes are a part of it.
  const stop = nested ? nestedEnd(text, at) : /['"]/.test(rest[1] ?? "") ? nestedEnd(text, at + 1) : at + 2;
  out.push({ kind: "computed", start: at, end: Math.min(stop, end), quote });
  return Math.min(stop, end);
}

function command(at: number, stop: number, backquoted: boolean, quote: Quote, out: Segment[]): number {
  const innerStart = at + (backquoted ? 1 : 2);
  const innerEnd = Math.max(innerStart, stop - 1);
  out.push({ kind: "command", start: at, end: stop, quote, innerStart, innerEnd, backquoted });
  return stop;
}

/** Joined with what stands right before it, as long as each character is one of the value. */
function addText(out: Segment[], start: number, end: number, quote: Quote, value: string): void {
  const last = out.at(-1);
  const joins = last?.kind === "text" && last.quote === quote && last.end === start && isPlain(last);
  if (!joins) out.push({ kind: "text", start, end, quote, value });
  else {
    last.end = end;
    last.value += value;
  }
}

/** Does each character of the source stand for itself? */
export function isPlain(segment: { start: number; end: number } & { value: string }): boolean {
  return segment.end - segment.start === segment.value.length;
}
