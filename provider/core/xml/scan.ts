const [GREATER, DOUBLE, SINGLE] = [0x3e, 0x22, 0x27];

/** Offset behind the `>` that ends the tag at `at`, or undefined. Quoted attribute values may hold `>` (XML 1.0, 2.3). */
export function tagEnd(text: string, at: number): number | undefined {
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === GREATER) return i + 1;
    if (char === DOUBLE || char === SINGLE) {
      i = text.indexOf(char === DOUBLE ? '"' : "'", i + 1);
      if (i === -1) return undefined;
    }
  }
  return undefined;
}

/** White space of XML 1.0, 2.3 (S). JavaScript's `trim` takes more: no-break spaces and the BOM are content here. */
export function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

/** Offset behind the white space at `from`, at most `to`. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text[at])) at++;
  return at;
}

/** Offset of the white space that ends at `from`, at least `to`. */
export function backOverSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at > to && isSpace(text[at - 1])) at--;
  return at;
}

/** Offset behind the blanks and tabs at `from`. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

/** Without the XML white space at both ends. */
export function trimSpace(text: string): string {
  const from = skipSpace(text, 0, text.length);
  return text.slice(from, backOverSpace(text, text.length, from));
}
