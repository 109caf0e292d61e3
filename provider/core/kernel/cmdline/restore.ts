import type { TextEdit } from "../../text/edits";
import { insertion, removals } from "./edit";
import type { Cmdline, Param } from "./parse";
import { paramsOf } from "./value";

/** Words of one key that stand side by side, and beside what. */
interface Chunk {
  words: string[];
  /** White space between them, before them and behind them. */
  gaps: string[];
  before: string;
  behind: string;
  /** Other parameters of the piece as `key#number`, nearest first. */
  previous: string[];
  next: string[];
  /** Which piece of the line, from 0. */
  piece: number;
}

/** What puts a key's words back where they stood, byte for byte. */
export function rawOf(lines: readonly Cmdline[], key: string): string {
  return JSON.stringify(lines.flatMap((line, piece) => chunksOf(line, key, piece)));
}

function chunksOf({ params, rest }: Cmdline, key: string, piece: number): Chunk[] {
  const names = namesOf(params);
  const chunks: Chunk[] = [];
  params.forEach((param, at) => {
    if (param.key !== key) return;
    if (params[at - 1]?.key !== key) {
      const previous = names.slice(0, at).reverse();
      chunks.push({ words: [], gaps: [], before: param.gap, behind: "", previous, next: [], piece });
    }
    const chunk = chunks.at(-1) as Chunk;
    if (chunk.words.length > 0) chunk.gaps.push(param.gap);
    chunk.words.push(param.raw);
    chunk.behind = params[at + 1]?.gap ?? /^\s*(?=--)/.exec(rest)?.[0] ?? "";
    chunk.next = names.slice(at + 1);
  });
  return chunks;
}

function namesOf(params: readonly Param[]): string[] {
  const seen = new Map<string, number>();
  return params.map(({ key }) => {
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return `${key}#${number}`;
  });
}

/** @returns undefined where the text is none that {@link rawOf} made */
export function parseRaw(raw: string): readonly Chunk[] | undefined {
  try {
    const made: unknown = JSON.parse(raw);
    return Array.isArray(made) && made.length > 0 && made.every(isChunk) ? made : undefined;
  } catch {
    return undefined;
  }
}

function isChunk(x: unknown): x is Chunk {
  const { words, gaps, before, behind, previous, next, piece } = (x ?? {}) as Record<string, unknown>;
  const texts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((each) => typeof each === "string");
  const space = (text: unknown) => typeof text === "string" && /^\s*$/.test(text);
  const whole = texts(words) && texts(gaps) && words.length > 0 && gaps.length === words.length - 1;
  return (
    whole &&
    Number.isInteger(piece) &&
    gaps.every(space) &&
    space(before) &&
    space(behind) &&
    texts(previous) &&
    texts(next)
  );
}

/** One step of giving back: edits of each piece of the line as the step before it left it. */
export type Step = (lines: readonly Cmdline[]) => TextEdit[][];

/** Steps that put recorded words back; without a record they take the key out. */
export function restoreSteps(key: string, raw: string | undefined): Step[] {
  const chunks = raw === undefined ? [] : (parseRaw(raw) ?? []);
  const words = chunks.flatMap((chunk) => chunk.words);
  const count = (lines: readonly Cmdline[]) => lines.flatMap((line) => paramsOf(line, key)).length;
  const puts = chunks.map((chunk): Step => {
    return (lines) =>
      lines.map((line, at) =>
        standsIn(lines, chunk, at) && count(lines) < words.length ? [putBack(line, chunk)] : [],
      );
  });
  return [
    (lines) =>
      count(lines) === words.length
        ? inPlace(lines, key, words)
        : lines.map((line) => removals(line, paramsOf(line, key))),
    ...puts,
  ];
}

/** Is it the piece that the chunk stood in, or the last where there is no such piece any more? */
function standsIn(lines: readonly Cmdline[], { piece }: Chunk, at: number): boolean {
  return at === Math.max(0, Math.min(piece, lines.length - 1));
}

function inPlace(lines: readonly Cmdline[], key: string, words: readonly string[]): TextEdit[][] {
  let next = 0;
  return lines.map((line) =>
    paramsOf(line, key).flatMap(({ raw, start, end }) => {
      const text = words[next++] as string;
      return raw === text ? [] : [{ start, end, text }];
    }),
  );
}

/** Behind the nearest of those that stood before it, else before the nearest of those behind it. */
function putBack(line: Cmdline, chunk: Chunk): TextEdit {
  const names = namesOf(line.params);
  const find = (wanted: readonly string[]) => {
    const name = wanted.find((each) => names.includes(each));
    return name === undefined ? undefined : line.params[names.indexOf(name)];
  };
  const text = chunk.words.map((word, at) => (at === 0 ? word : (chunk.gaps[at - 1] as string) + word)).join("");
  const [before, behind] = [find(chunk.previous), find(chunk.next)];
  if (before) return { start: before.end, end: before.end, text: (chunk.before || " ") + text };
  if (behind) return { start: behind.start, end: behind.start, text: text + (chunk.behind || " ") };
  if (line.params.length > 0) return insertion(line, [text]);
  const lead = /^\s*/.exec(line.rest)?.[0].length ?? 0;
  const init = line.rest.length > lead;
  const start = Math.min(chunk.before.length, lead);
  return { start, end: start, text: init ? text + (chunk.behind || " ") : text };
}
