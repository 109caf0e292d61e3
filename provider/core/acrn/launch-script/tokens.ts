import { nestedEnd, opens } from "./nesting";

/** A word of the shell as it is written, quotes and all, or one character that ends words. */
export interface Token {
  kind: "word" | "operator" | "newline";
  text: string;
  /** Where it stands in the script: `[start, end)`. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
}

const OPERATORS = ";&|()<>";

/**
 * Cuts a script into words, one pass, no grammar (POSIX.1-2017, Shell Command Language, 2.3). Comments and the bodies
 * of here-documents are left out; `$(...)`, backquotes and quotes stay within their word. A carriage return is a
 * character like others, as it is for a shell.
 */
export function tokenize(text: string): Token[] {
  const reader: Reader = { text, tokens: [], at: 0, line: 1, hereDocuments: true };
  while (reader.at < text.length) step(reader);
  return reader.tokens;
}

interface Reader {
  text: string;
  tokens: Token[];
  at: number;
  line: number;
  /** Off after one that never ends: it was a shift in an expression. To look for each would cost the square of the length. */
  hereDocuments: boolean;
}

function step(reader: Reader): void {
  const { text, at } = reader;
  const char = text.charAt(at);
  if (text.startsWith("\\\n", at)) goOn(reader, at + 2);
  else if (char === "\n") {
    reader.tokens.push({ kind: "newline", text: char, start: at, end: at + 1, line: reader.line });
    const body = reader.hereDocuments ? hereDocument(reader.tokens, text, at + 1) : at + 1;
    if (body === undefined) reader.hereDocuments = false;
    goOn(reader, body ?? at + 1);
  } else if (char === " " || char === "\t") goOn(reader, at + 1);
  else if (char === "#") goOn(reader, endOfLine(text, at));
  else {
    const operator = OPERATORS.includes(char);
    const end = operator ? at + 1 : wordEnd(text, at);
    const kind = operator ? "operator" : "word";
    reader.tokens.push({ kind, text: text.slice(at, end), start: at, end, line: reader.line });
    goOn(reader, end);
  }
}

function goOn(reader: Reader, to: number): void {
  reader.line += lines(reader.text.slice(reader.at, to));
  reader.at = to;
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** A continued line that ends with the word is no part of it. */
function wordEnd(text: string, from: number): number {
  let at = from;
  let end = from;
  while (at < text.length && !` \t\n${OPERATORS}`.includes(text.charAt(at))) {
    const continued = text.startsWith("\\\n", at);
    at = pieceEnd(text, at);
    if (!continued) end = at;
  }
  return end;
}

/** The end of a quoted part, a substitution, or a single character; the end of the text where it is left open. */
function pieceEnd(text: string, at: number): number {
  return opens(text, at, false) ? nestedEnd(text, at) : Math.min(at + (text[at] === "\\" ? 2 : 1), text.length);
}

/** Where the line after a here-document's body starts: `from` when the line that just ended opens none, undefined when it never ends. */
function hereDocument(tokens: readonly Token[], text: string, from: number): number | undefined {
  const start = tokens.findLastIndex(({ kind }, index) => kind === "newline" && index < tokens.length - 1) + 1;
  const words = tokens.slice(start, -1);
  const at = words.findIndex(({ text: op }, index) => op === "<" && words[index + 1]?.text === "<");
  const word = at < 0 || words[at + 2]?.text === "<" ? undefined : words[at + 2]?.text;
  const end = word?.replace(/^-/, "").replace(/['"\\]/g, "");
  if (!end) return from;
  for (let line = from; line < text.length; ) {
    const stop = endOfLine(text, line);
    if (text.slice(line, stop).replace(/^\t*/, "") === end) return Math.min(stop + 1, text.length);
    line = stop + 1;
  }
  return undefined;
}
