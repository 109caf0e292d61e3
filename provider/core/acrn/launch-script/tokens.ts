/** A word of the shell as it is written, quotes and all, or one character that ends words. */
export interface Token {
  kind: "word" | "operator" | "newline";
  text: string;
  /** From 1. */
  line: number;
}

const OPERATORS = ";&|()<>";

/**
 * Cuts a script into words, one pass, no grammar (POSIX.1-2017, Shell Command Language, 2.3). Comments and the bodies
 * of here-documents are left out; `$(...)`, backquotes and quotes stay within their word.
 */
export function tokenize(script: string): Token[] {
  const text = script.replaceAll("\r\n", "\n");
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
    reader.tokens.push({ kind: "newline", text: char, line: reader.line });
    const body = reader.hereDocuments ? hereDocument(reader.tokens, text, at + 1) : at + 1;
    if (body === undefined) reader.hereDocuments = false;
    goOn(reader, body ?? at + 1);
  } else if (char === " " || char === "\t") goOn(reader, at + 1);
  else if (char === "#") goOn(reader, endOfLine(text, at));
  else {
    const operator = OPERATORS.includes(char);
    const end = operator ? at + 1 : wordEnd(text, at);
    reader.tokens.push({ kind: operator ? "operator" : "word", text: text.slice(at, end), line: reader.line });
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

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !` \t\n${OPERATORS}`.includes(text.charAt(at))) at = pieceEnd(text, at);
  return at;
}

/** The end of a quoted part, a substitution, or a single character; the end of the text where it is left open. */
function pieceEnd(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === "\\") return Math.min(at + 2, text.length);
  if (char === "'") return past(text, "'", at + 1);
  if (char === '"' || char === "`") return closing(text, at + 1, char);
  if (char !== "$") return at + 1;
  if (text[at + 1] === "(") return closing(text, at + 2, ")");
  return text[at + 1] === "{" ? past(text, "}", at + 2) : at + 1;
}

function past(text: string, what: string, from: number): number {
  const end = text.indexOf(what, from);
  return end < 0 ? text.length : end + what.length;
}

/** Nested substitutions are followed by counting brackets: exact enough for words that are then judged as wholes. */
function closing(text: string, from: number, end: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") at++;
    else if (char === end && depth === 0) return at + 1;
    else if (end === ")" && char === "(") depth++;
    else if (end === ")" && char === ")") depth--;
  }
  return text.length;
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
