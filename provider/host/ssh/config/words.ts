/** One argument of a line, and where it starts in the text of the file. */
export interface Word {
  text: string;
  at: number;
}

/**
 * Splits what follows a keyword as ssh does since 8.7 (OpenSSH's misc.c, argv_split with terminate_on_comment): quotes of
 * both kinds, also inside a word; a backslash before a quote, a backslash or, outside quotes, a blank; `#` at the start of
 * a word ends the line. Undefined: a quote is not closed.
 */
export function splitWords(text: string, from: number, to: number): Word[] | undefined {
  const words: Word[] = [];
  for (let at = from; at < to; ) {
    if (isBlank(text[at])) {
      at++;
      continue;
    }
    if (text[at] === "#") break;
    const word = wordAt(text, at, to);
    if (!word) return undefined;
    words.push({ text: word.text, at });
    at = word.end;
  }
  return words;
}

/** Words without quotes and escapes; `#` ends the line wherever it stands, but not behind `none`, which is then a name to ssh 9.2. */
export function rawWords(text: string, from: number, to: number): Word[] {
  const whole = text.slice(from, to);
  const line = /^none[ \t]*#/i.test(whole) ? whole : (whole.split("#")[0] as string);
  return [...line.matchAll(/[^ \t]+/g)].map((match) => ({ text: match[0], at: from + match.index }));
}

function wordAt(text: string, from: number, to: number): { text: string; end: number } | undefined {
  let word = "";
  let quote = "";
  let at = from;
  for (; at < to; at++) {
    const char = text[at] as string;
    if (char === "\\" && at + 1 < to && isEscaped(text[at + 1] as string, quote)) word += text[++at];
    else if (quote === "" && isBlank(char)) break;
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = "";
    else word += char;
  }
  return quote === "" ? { text: word, end: at } : undefined;
}

function isEscaped(char: string, quote: string): boolean {
  return char === "'" || char === '"' || char === "\\" || (char === " " && quote === "");
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}
