/**
 * What must not reach a terminal as it is: C0 and C1 controls and DEL (ECMA-48; 0x9b is an 8-bit CSI), the BOM,
 * marks and overrides that reorder or hide text (UAX #9; line separators of UAX #14) and lone surrogates.
 */
const UNSAFE =
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;

/**
 * One line of foreign text, made harmless: `\x1b`, `\r`, `\u202e`. Tabs stay. A backslash of the text is not doubled,
 * so that paths and expressions read as they are written: this is for eyes, not for parsing back.
 */
export function visible(line: string): string {
  return line.replace(UNSAFE, (char) => (char === "\t" ? char : spelled(char)));
}

/** The same for text whose line breaks are meant. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function spelled(char: string): string {
  if (char === "\r") return "\\r";
  if (char === "\n") return "\\n";
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
