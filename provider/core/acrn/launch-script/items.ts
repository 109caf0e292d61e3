import { expand, type Field, type Home, roughValue, shortened, textOf } from "./expand";
import { lookUp, lookUpArray } from "./lookup";
import type { Script, Spot } from "./script";
import { type Template, templateOf } from "./template";
import { type Token, tokenize } from "./tokens";
import { type Segment, segmentsOf } from "./words";

/** A literal call of a template function: `` `add_cpus 4 6` ``. */
export interface TemplateCall {
  template: Template;
  name: string;
  /** The function's words as it gets them, each with its source. */
  words: { field: Field; home: Home }[];
  /** Between the delimiters of the substitution. */
  innerStart: number;
  innerEnd: number;
  backquoted: boolean;
}

/** One word that acrn-dm gets, or several that one call or variable makes. */
export type Item = {
  /** The word of the command line or of the array. */
  word: { start: number; end: number; line: number };
  /** What the word stands in: neighbours share it. */
  container: number;
  /** How many items the word makes. */
  siblings: number;
} & (
  | { kind: "field"; field: Field }
  | { kind: "call"; call: TemplateCall }
  /** A variable that is set more than once: what it may hold, with UNKNOWN for what is not known. */
  | { kind: "maybe"; why: string; holds: string[] }
  | { kind: "refused"; why: string }
);

type Source = Item["word"] & Spot & { container: number };

/** What words of a command line become, arrays and template calls taken apart. */
export function itemsOf(script: Script, words: readonly Token[], spot: Spot): Item[] {
  return words.flatMap((token) => {
    const source = { start: token.start, end: token.end, line: token.line, block: spot.block, container: spot.start };
    return arrayItems(script, token, source) ?? wordItems(script, source);
  });
}

function arrayItems(script: Script, token: Token, source: Source): Item[] | undefined {
  const [, quote, name, index] = /^("?)\$\{([A-Za-z_]\w{0,63})\[([@*])\]\}\1$/.exec(token.text) ?? [];
  if (name === undefined) return undefined;
  const found = lookUpArray(script, name, source);
  if (found.kind !== "one") return [refused(source, found.why)];
  const elements = found.at.elements.flatMap((element) => {
    const { start, end, line, text } = element;
    const of = { start, end, line, block: found.at.block, container: found.at.start };
    return /^\[.*\]=/.test(text)
      ? [refused(of, `${shortened(text)} sets an element by its number`)]
      : wordItems(script, of);
  });
  if (quote === '"' && index === "@") return elements;
  if (elements.every(splitsToItself)) return elements;
  return [refused(source, `${token.text} is split into words again`)];
}

/** Would an unquoted expansion leave it as it is? */
function splitsToItself(item: Item): boolean {
  if (item.kind !== "field") return item.kind === "call";
  const value = textOf(item.field);
  return value !== undefined && value !== "" && !/[\s*?[]/.test(value);
}

function wordItems(script: Script, source: Source): Item[] {
  const text = script.text.slice(source.start, source.end);
  const segments = segmentsOf(script.text, source.start, source.end);
  const [only] = segments;
  if (segments.length === 1 && only) {
    if (isNeverSet(script, only)) return [];
    const special = callItem(script, only, source) ?? maybeItem(script, only, source);
    if (special) return [special];
  }
  const fields = expand(script, { start: source.start, end: source.end }, source);
  if (text.endsWith("\r") || fields.some(endsInReturn)) return [refused(source, WINDOWS)];
  return fields.map((field) => ({ ...base(source), siblings: fields.length, kind: "field", field }));
}

const WINDOWS =
  "it ends with a carriage return, which bash hands on with the word: take the Windows line ends out of the file";

function endsInReturn({ pieces }: Field): boolean {
  const last = pieces.at(-1);
  return last?.quote === "" && last.text.endsWith("\r");
}

/** Generators of 2.x use it for Android and set it nowhere [v2.5 misc/config_tools/launch_config/com.py]. */
function isNeverSet(script: Script, segment: Segment): boolean {
  const { assignments, setters } = script;
  const named = segment.kind === "parameter" && segment.name === "npk_virt" && segment.quote === "";
  return named && !assignments.has("npk_virt") && !setters.has("npk_virt");
}

function base({ start, end, line, container }: Source) {
  return { word: { start, end, line }, container, siblings: 1 };
}

function refused(source: Source, why: string): Item {
  return { ...base(source), kind: "refused", why };
}

function callItem(script: Script, segment: Segment, source: Source): Item | undefined {
  if (segment.kind !== "command" || segment.quote !== "") return undefined;
  const { innerStart, innerEnd, backquoted } = segment;
  const inner = script.text.slice(innerStart, innerEnd);
  // In backquotes a backslash is read twice (POSIX.1-2017, 2.6.3).
  const tokens = backquoted && inner.includes("\\") ? [] : tokenize(inner);
  const [first, ...rest] = tokens;
  const template = first && tokens.every(({ kind }) => kind === "word") ? templateOf(script, first.text) : undefined;
  if (!first || !template) return undefined;
  const words = rest.flatMap(({ start, end }) => {
    const home = { start: innerStart + start, end: innerStart + end };
    return expand(script, home, source).map((field) => ({ field, home }));
  });
  const call = { template, name: first.text, words, innerStart: innerStart + first.end, innerEnd, backquoted };
  return { ...base(source), kind: "call", call };
}

function maybeItem(script: Script, segment: Segment, source: Source): Item | undefined {
  if (segment.kind !== "parameter" || segment.quote !== "" || /^\d$/.test(segment.name)) return undefined;
  const found = lookUp(script, segment.name, source);
  if (found.kind !== "several") return undefined;
  const holds = found.all.map((assignment) => roughValue(script, assignment));
  return { ...base(source), kind: "maybe", why: found.why, holds };
}
