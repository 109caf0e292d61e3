import { applyEdits, type TextEdit } from "../../text/edits";
import type { Argument } from "./getopt";
import { insertion, removal, type Standing, spanOf, standingOf } from "./presence";
import type { Script } from "./script";
import { distantLiterals } from "./value-edit";
import { type Call, find, viewOf } from "./view";

/** The source of an argument in one call: its words, the literals of variables that it is made of, and where it stands. */
interface Source extends Standing {
  literals: string[];
  /** Names of the arguments on that side, nearest first; empty for the VM's name. */
  beside: string[];
}

const VM = "";

/** What puts an argument back, byte for byte: a source for each call of acrn-dm. */
export function rawOfArgument(script: Script, calls: readonly Call[], name: string): string {
  return JSON.stringify(calls.map((call) => sourceIn(script, call, find(call, name) as Argument)));
}

function sourceIn(script: Script, call: Call, argument: Argument): Source {
  const first = argument.items[0];
  const standing = standingOf(script, call, argument) ?? {
    words: script.text.slice(first?.word.start, first?.word.end),
    gap: "",
    side: "none" as const,
    comment: false,
  };
  const at = call.arguments.indexOf(argument);
  const names = call.arguments.map((each) => each.name);
  const beside = standing.side === "previous" ? names.slice(0, at).reverse() : [...names.slice(at + 1), VM];
  const literals = distantLiterals(script, argument).map(({ start, end }) => script.text.slice(start, end));
  return { ...standing, literals, beside };
}

/** @returns undefined where the text is not one that `rawOfArgument` made */
export function parseRaw(raw: string): Source[] | undefined {
  try {
    const made: unknown = JSON.parse(raw);
    return Array.isArray(made) && made.length > 0 && made.every(isSource) ? made : undefined;
  } catch {
    return undefined;
  }
}

function isSource(x: unknown): x is Source {
  const { words, gap, side, comment, literals, beside } = (x ?? {}) as Record<string, unknown>;
  const texts = (list: unknown) => Array.isArray(list) && list.every((each) => typeof each === "string");
  const sided = side === "next" || side === "previous" || side === "none";
  return (
    typeof words === "string" &&
    typeof gap === "string" &&
    typeof comment === "boolean" &&
    sided &&
    texts(literals) &&
    texts(beside)
  );
}

/** Puts recorded words back, or takes out what a write had inserted. Where acrn-dm is not called any more, nothing is left to give back. */
export function restoreArgument(text: string, file: string, name: string, raw: string | undefined): string {
  if (viewOf(text, file).refusal) return text;
  const sources = raw === undefined ? undefined : parseRaw(raw);
  let now = text;
  for (let index = 0; index < viewOf(text, file).calls.length; index++) {
    const source = sources?.[index] ?? sources?.[0];
    now = apply(now, file, index, name, (script, call, found) => wordEdits(script, call, name, found, source));
    if (source) now = apply(now, file, index, name, (_script, _call, found) => literalEdits(_script, found, source));
  }
  return now;
}

type Edits = (script: Script, call: Call, found: Argument | undefined) => readonly TextEdit[];

function apply(text: string, file: string, index: number, name: string, edits: Edits): string {
  const { script, calls } = viewOf(text, file);
  const call = calls[index];
  const found = call && find(call, name);
  if (!call || call.refusal || (found && !("name" in found))) return text;
  return applyEdits(text, edits(script, call, found));
}

function wordEdits(
  script: Script,
  call: Call,
  name: string,
  found: Argument | undefined,
  source: Source | undefined,
): TextEdit[] {
  if (found) {
    const span = spanOf(found);
    const edit = source ? span && { ...span, text: source.words } : removal(script, call, found);
    return edit ? [edit] : [];
  }
  return source ? [putBack(script, call, name, source)] : [];
}

/** Beside the nearest of its former neighbours that is still there. */
function putBack(script: Script, call: Call, name: string, source: Source): TextEdit {
  for (const other of source.beside) {
    const found = call.arguments.find((each) => each.name === other);
    const items = other === VM ? (call.last ? [call.last] : []) : (found?.items ?? []);
    const [first, last] = [items[0], items.at(-1)];
    if (!first || !last) continue;
    const previous = source.side === "previous";
    const at = previous ? last.word.end : first.word.start;
    const { words } = source;
    const gap = source.gap || " ";
    if (source.comment) return besideComment(script, source, previous, at);
    return { start: at, end: at, text: previous ? gap + words : words + gap };
  }
  return { ...insertion(script, call, name, true), text: ` ${source.words} ` };
}

/** On the other side of the comment, which has stayed, unless another argument is there by now. Comments are in arrays, where lines may break. */
function besideComment({ text }: Script, { words, gap }: Source, previous: boolean, at: number): TextEdit {
  const place = previous ? at + gap.length : at - gap.length;
  const stays = previous ? text.startsWith(gap, at) : text.slice(0, at).endsWith(gap);
  const free = previous ? /^[\s)]/.test(text.slice(place)) : /[\s(]$/.test(text.slice(0, place));
  if (stays && free) return { start: place, end: place, text: words };
  const line = /\n[ \t]*$/.exec(gap)?.[0] ?? "\n";
  return { start: at, end: at, text: previous ? line + words : words + line };
}

function literalEdits(script: Script, found: Argument | undefined, source: Source): TextEdit[] {
  const places = found ? distantLiterals(script, found) : [];
  if (places.length !== source.literals.length) return [];
  return places.map((place, at) => ({ ...place, text: source.literals[at] as string }));
}
