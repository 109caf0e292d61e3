import { AcrnError } from "../../../errors";
import { placeAt } from "../../../text/place";

/** A piece of GRUB's script: a word, what ends a command, or a block's brace. */
export type Token =
  | { kind: "word"; text: string; at: number; bare: boolean }
  | { kind: "end" | "open" | "close"; at: number };

/** Far above any menu. */
const LIMIT = 4 * 1024 * 1024;
/** One word: quotes may begin and end inside it (GRUB manual, "Quoting"). */
const PIECE =
  /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|((?:[^\s;{}'"\\|&<>$]|\$\{[^}\n]*\}|\$(?!\{))+|[{}](?=[^\s;]))/y;

/** @throws AcrnError `grub-cfg.syntax` with the place */
export function wordsOf(text: string, file: string): Token[] {
  if (text.length > LIMIT) throw unreadable(text, 0, file, "it is larger than 4 MiB");
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    const next = text[at + 1];
    if (char === "\n" || ";|&<>".includes(char)) tokens.push({ kind: "end", at: at++ });
    else if (/\s/.test(char)) at++;
    else if (char === "\\" && next === "\n") at += 2;
    else if (char === "#") at = endOfLine(text, at);
    else if ((char === "{" || char === "}") && (next === undefined || /[\s;]/.test(next)))
      tokens.push({ kind: char === "{" ? "open" : "close", at: at++ });
    else {
      const word = wordAt(text, at, file);
      tokens.push(word.token);
      at = word.end;
    }
  }
  return tokens;
}

function wordAt(text: string, start: number, file: string): { token: Token; end: number } {
  let at = start;
  let value = "";
  let bare = true;
  for (;;) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (!match) break;
    const [all, single, double, escaped, plain] = match;
    bare &&= plain !== undefined;
    value += single ?? double?.replace(/\\([\\"$\n])/g, "$1") ?? (escaped === "\n" ? "" : escaped) ?? plain ?? "";
    at += all.length;
  }
  if (at === start) throw unreadable(text, start, file, "a quote that does not end");
  return { token: { kind: "word", text: value, at: start, bare }, end: at };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

export function unreadable(text: string, at: number, file: string, why: string): AcrnError {
  return new AcrnError("grub-cfg.syntax", `GRUB's menu cannot be read: ${why}`, {
    where: placeAt(text, at, file),
    hint: "`grub-script-check` on that file tells more; `update-grub` writes it anew.",
  });
}
