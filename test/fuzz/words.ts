/** Tokens that broke some parser once: what a dictionary of a fuzzer holds. Bytes, because some are no UTF-8. */

/** Names that an object has without having been given them. */
export const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "then",
];

const NUMBERS = ["-1", "0", "00", "1.5", "4095", "4096", "65536", "2147483648", "4294967296", "9007199254740993"];
const MORE_NUMBERS = ["1e999", "-0", "0x", "0xffffffffff", "NaN", "Infinity", "9".repeat(40), "1".repeat(64), "٣"];

/** Line ends of all kinds, controls, a BOM within, terminal escapes (ECMA-48), marks that reorder text (UAX #9). */
const MARKS = [
  "\0",
  "\r",
  "\n",
  "\r\n",
  "\t",
  "\v",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u00a0",
  "\u202e",
  "\u2066",
  "\u200b",
];
const ESCAPES = ["\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\x7f", "\b", "😀", "e\u0301", "\u{e0041}"];
const QUOTES = ["'", '"', "`", "\\", "\\\n", "%", "$", "${", "$(", "*", "?", "!", "|", ";", "&", "#", "//", "../", "~"];

/** No UTF-8: table 3-7 of the Unicode Standard read the other way round. */
const BROKEN = ["ff", "fe", "c080", "e08080", "eda080", "edbfbf", "f4908080", "f09f98", "80", "fffe3c00", "c3"];

export const WORDS: readonly Buffer[] = [
  ...[...NAMES, ...NUMBERS, ...MORE_NUMBERS, ...MARKS, ...ESCAPES, ...QUOTES, "true", "null", "x".repeat(300)].map(
    (word) => Buffer.from(word),
  ),
  ...BROKEN.map((hex) => Buffer.from(hex, "hex")),
];
