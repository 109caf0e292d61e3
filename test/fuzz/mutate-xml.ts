import { type Change, put, wordOf } from "./mutate";
import type { Random } from "./random";

/** Changes that leave well-formed XML well-formed, most of the time. */

/** The leaf at or behind a place: `<name ...>text</name>`. */
function leaf(random: Random, bytes: Buffer): { start: number; end: number; text: [number, number] } | undefined {
  const text = bytes.toString("latin1");
  const pattern = /<([A-Za-z_][\w-]*)[^<>]*>([^<>]*)<\/\1>/g;
  pattern.lastIndex = random.below(text.length + 1);
  const found = pattern.exec(text) ?? new RegExp(pattern.source).exec(text);
  if (!found) return undefined;
  const from = found.index + found[0].lastIndexOf(found[2] as string, found[0].lastIndexOf("</"));
  return { start: found.index, end: found.index + found[0].length, text: [from, from + (found[2] as string).length] };
}

/** A made value: what stands in such files, a bit off. */
function value(random: Random): Buffer {
  const number = random.pick([0, 1, 2, 3, 4, 7, 8, 31, 4095, 4096, 99999, 2 ** 31, 2 ** 53]);
  return Buffer.from(
    random.pick([`${number}`, `0x${number.toString(16)}`, ` ${number}\n`, `0${number}`, `-${number}`, "", "y", "n"]),
  );
}

const setText: Change = (random, bytes, material) => {
  const at = leaf(random, bytes);
  return at ? put(bytes, ...at.text, random.oneIn(2) ? value(random) : wordOf(random, material)) : bytes;
};

const removeLeaf: Change = (random, bytes) => {
  const at = leaf(random, bytes);
  return at ? put(bytes, at.start, at.end) : bytes;
};

const repeatLeaf: Change = (random, bytes) => {
  const at = leaf(random, bytes);
  if (!at) return bytes;
  const copies = Array.from({ length: random.oneIn(8) ? random.below(100) : 1 }, () =>
    bytes.subarray(at.start, at.end),
  );
  return put(bytes, at.end, at.end, ...copies);
};

const swapLeaves: Change = (random, bytes) => {
  const [a, b] = [leaf(random, bytes), leaf(random, bytes)];
  if (!a || !b || a.start >= b.start) return bytes;
  const rest = put(bytes, b.start, b.end, bytes.subarray(a.start, a.end));
  return put(rest, a.start, a.end, bytes.subarray(b.start, b.end));
};

/** An element around a leaf, deep now and then; a comment or CDATA section around its text. */
const wrapLeaf: Change = (random, bytes) => {
  const at = leaf(random, bytes);
  if (!at) return bytes;
  const [open, close] = random.pick([
    ["<x>", "</x>"],
    ["<die>", "</die>"],
    ["<__proto__ constructor='1'>", "</__proto__>"],
    ["<!-- ", " -->"],
  ] as const);
  const times = open === "<!-- " ? 1 : random.pick([1, 1, 2, 80]);
  return put(
    bytes,
    at.start,
    at.end,
    Buffer.from(open.repeat(times)),
    bytes.subarray(at.start, at.end),
    Buffer.from(close.repeat(times)),
  );
};

const asCdata: Change = (random, bytes) => {
  const at = leaf(random, bytes);
  return at ? put(bytes, ...at.text, Buffer.from("<![CDATA["), bytes.subarray(...at.text), Buffer.from("]]>")) : bytes;
};

/** An attribute's value, anywhere. */
const setAttribute: Change = (random, bytes) => {
  const text = bytes.toString("latin1");
  const pattern = /=\s*(["'])([^"'<>]*)\1/g;
  pattern.lastIndex = random.below(text.length + 1);
  const found = pattern.exec(text);
  if (!found) return bytes;
  const end = found.index + found[0].length - 1;
  return put(bytes, end - (found[2] as string).length, end, value(random));
};

export const ELEMENTS: readonly Change[] = [
  setText,
  setText,
  setText,
  setAttribute,
  setAttribute,
  removeLeaf,
  repeatLeaf,
  swapLeaves,
  wrapLeaf,
  asCdata,
];
