import type { Random } from "./random";
import { WORDS } from "./words";

/** Inputs do not grow beyond this by mutation: a millisecond each. How work grows with size is test/fuzz/growth.ts's part. */
const LARGEST = 48 * 1024;

export interface Material {
  seeds: readonly Buffer[];
  /** Words of the format, beside those that are bad for every format. */
  words: readonly Buffer[];
  /** Changes that keep the syntax of the format, so that what reads its values is reached: these half of the time. */
  changes?: readonly Change[];
}

/** A seed with a few changes; now and then as it is, or nothing but words. */
export function mutated(random: Random, material: Material): Buffer {
  if (random.oneIn(40)) return soup(random, material);
  let bytes = random.pick(material.seeds);
  for (let left = random.oneIn(50) ? 0 : 1 + random.few(5); left > 0; left--)
    bytes = changeOf(random, material)(random, bytes, material).subarray(0, LARGEST);
  return bytes;
}

/** Words in any order: what no seed leads to. */
function soup(random: Random, material: Material): Buffer {
  return Buffer.concat(Array.from({ length: random.below(40) }, () => wordOf(random, material)));
}

function changeOf(random: Random, { changes }: Material): Change {
  return changes && !random.oneIn(3) ? random.pick(changes) : random.pick(CHANGES);
}

export function wordOf(random: Random, { words }: Material): Buffer {
  return random.pick(words.length > 0 && !random.oneIn(3) ? words : WORDS);
}

export type Change = (random: Random, bytes: Buffer, material: Material) => Buffer;

const at = (random: Random, bytes: Buffer) => random.below(bytes.length + 1);

/** `bytes` with `[from, to)` replaced. */
export function put(bytes: Buffer, from: number, to: number, ...by: Buffer[]): Buffer {
  return Buffer.concat([bytes.subarray(0, from), ...by, bytes.subarray(to)]);
}

/** A range, short ones most often. */
function range(random: Random, bytes: Buffer): [number, number] {
  const from = at(random, bytes);
  const length = random.oneIn(4) ? random.below(bytes.length + 1) : random.below(24);
  return [from, Math.min(bytes.length, from + length)];
}

/** The word or number that covers a place; an empty range where none does. */
function token(random: Random, bytes: Buffer): [number, number] {
  const inWord = (i: number) => /[\w.-]/.test(String.fromCharCode(bytes[i] ?? 0));
  let from = at(random, bytes);
  let to = from;
  while (from > 0 && inWord(from - 1)) from--;
  while (to < bytes.length && inWord(to)) to++;
  return [from, to];
}

/** The line that covers a place, with its end. */
function line(random: Random, bytes: Buffer): [number, number] {
  const place = at(random, bytes);
  const end = bytes.indexOf(10, place);
  return [place === 0 ? 0 : bytes.lastIndexOf(10, place - 1) + 1, end < 0 ? bytes.length : end + 1];
}

const flipBit: Change = (random, bytes) => {
  const out = Buffer.from(bytes);
  const place = random.below(out.length);
  if (out.length > 0) out[place] = (out[place] as number) ^ (1 << random.below(8));
  return out;
};

const insertWord: Change = (random, bytes, material) => {
  const place = at(random, bytes);
  return put(bytes, place, place, wordOf(random, material));
};

/** The change that gets deepest: structure stays, a value does not. */
const replaceToken: Change = (random, bytes, material) => put(bytes, ...token(random, bytes), wordOf(random, material));

const swapTokens: Change = (random, bytes) => {
  const [[a, b], [c, d]] = [token(random, bytes), token(random, bytes)].sort((x, y) => x[0] - y[0]) as [
    [number, number],
    [number, number],
  ];
  if (b > c) return bytes;
  return Buffer.concat([
    bytes.subarray(0, a),
    bytes.subarray(c, d),
    bytes.subarray(b, c),
    bytes.subarray(a, b),
    bytes.subarray(d),
  ]);
};

const removeRange: Change = (random, bytes) => put(bytes, ...range(random, bytes));

const repeatRange: Change = (random, bytes) => {
  const [from, to] = range(random, bytes);
  const times = random.oneIn(4) ? random.below(200) : 1;
  return put(bytes, to, to, ...Array.from({ length: times }, () => bytes.subarray(from, to)));
};

const moveRange: Change = (random, bytes) => {
  const [from, to] = range(random, bytes);
  const place = at(random, bytes);
  return put(bytes, place, place, bytes.subarray(from, to));
};

const removeLine: Change = (random, bytes) => put(bytes, ...line(random, bytes));

const repeatLine: Change = (random, bytes) => {
  const [from, to] = line(random, bytes);
  return put(bytes, to, to, bytes.subarray(from, to));
};

const moveLine: Change = (random, bytes) => {
  const [from, to] = line(random, bytes);
  const [place] = line(random, bytes);
  return put(bytes, place, place, bytes.subarray(from, to));
};

const truncate: Change = (random, bytes) => bytes.subarray(0, at(random, bytes));

/** The head of one seed and the tail of another. */
const splice: Change = (random, bytes, { seeds }) => {
  const other = random.pick(seeds);
  return Buffer.concat([bytes.subarray(0, at(random, bytes)), other.subarray(at(random, other))]);
};

/** Something open, again and again: brackets, tags, quotes. Recursive readers have an end. */
const nest: Change = (random, bytes, material) => {
  const place = at(random, bytes);
  const word = wordOf(random, material).toString("latin1");
  return put(bytes, place, place, Buffer.from(word.repeat(random.pick([70, 300, 3000])), "latin1"));
};

const otherLineEnds: Change = (random, bytes) =>
  Buffer.from(bytes.toString("latin1").replaceAll("\n", random.pick(["\r\n", "\r", "\n\n", " "])), "latin1");

/** Those that keep most of the structure stand twice. */
const CHANGES: readonly Change[] = [
  ...[replaceToken, replaceToken, replaceToken, insertWord, insertWord, swapTokens, removeLine, repeatLine, moveLine],
  ...[flipBit, removeRange, repeatRange, moveRange, truncate, splice, nest, otherLineEnds],
];
