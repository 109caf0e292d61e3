import type { TextEdit } from "../../text/edits";
import type { Dialect } from "../types";
import type { Argument } from "./getopt";
import type { Item, TemplateCall } from "./items";
import { isBare, quotedLike } from "./quote";
import { rankOf } from "./rank";
import type { Script } from "./script";
import { callFor } from "./template";
import type { Call } from "./view";

/** White space that separates words: blanks, line ends of an array, continued lines. */
const GAP = /^(?:[ \t\n]|\\\n)*$/;

/** What an argument is written with, and how it is set off from a neighbour: enough to put it back where it was. */
export interface Standing {
  words: string;
  /** Text between the argument and its neighbour on that side. */
  gap: string;
  side: "next" | "previous" | "none";
  /** There is a comment in the gap: it stays when the argument goes. */
  comment: boolean;
}

/** The words of an argument alone; undefined where they hold more than it. */
export function spanOf({ items }: Argument): { start: number; end: number } | undefined {
  const [first, last] = [items[0] as Item, items.at(-1) as Item];
  const own = ({ word }: Item) => items.filter((each) => each.word.start === word.start).length;
  if (items.some((item) => item.siblings !== own(item)) || first.container !== last.container) return undefined;
  return { start: first.word.start, end: last.word.end };
}

export function standingOf({ text }: Script, call: Call, argument: Argument): Standing | undefined {
  const span = spanOf(argument);
  if (!span) return undefined;
  const words = text.slice(span.start, span.end);
  const { next, previous } = neighbours(call, argument);
  if (next) return stood(words, text.slice(span.end, next.word.start), "next");
  return previous ? stood(words, text.slice(previous.word.end, span.start), "previous") : stood(words, "", "none");
}

function stood(words: string, gap: string, side: Standing["side"]): Standing {
  return { words, gap, side, comment: !GAP.test(gap) };
}

/** Takes an argument out with what set it off; comments stay. */
export function removal(script: Script, call: Call, argument: Argument): TextEdit | undefined {
  const span = spanOf(argument);
  const standing = standingOf(script, call, argument);
  if (!span || !standing) return undefined;
  const gap = standing.comment ? 0 : standing.gap.length;
  const start = span.start - (standing.side === "previous" ? gap : 0);
  const end = span.end + (standing.side === "next" ? gap : 0);
  return { start, end, text: "" };
}

function neighbours(call: Call, { items }: Argument): { next?: Item | undefined; previous?: Item | undefined } {
  const [first, last] = [items[0] as Item, items.at(-1) as Item];
  const beside = (item: Item | undefined, of: Item) => (item?.container === of.container ? item : undefined);
  return {
    next: beside(call.items[call.items.indexOf(last) + 1], last),
    previous: beside(call.items[call.items.indexOf(first) - 1], first),
  };
}

/** Puts an argument in where ACRN's generator has it, in the style of what stands there. */
export function insertion(script: Script, call: Call, name: string, value: string | true): TextEdit {
  const before = placeFor(call, name, value);
  const words = wordsFor(script, call, name, value);
  if (before)
    return {
      start: before.word.start,
      end: before.word.start,
      text: words + gapBefore(script.text, before.word.start),
    };
  const end = call.items.at(-1)?.word.end ?? call.end;
  return { start: end, end, text: ` ${words}` };
}

/** The item before which it goes: behind the last argument that the generator writes earlier, before the VM's name at the latest. */
function placeFor(call: Call, name: string, value: string | true): Item | undefined {
  const dialect: Dialect = call.inArray ? "3.x" : "2.x";
  const rank = rankOf(name, value, dialect);
  const behind = call.arguments.filter((each) => rankOf(each.name, each.value, dialect) <= rank).at(-1);
  const last = call.last ? call.items.indexOf(call.last) : call.items.length;
  let at = behind ? call.items.indexOf(behind.items.at(-1) as Item) + 1 : 0;
  // One word of the script may be several items.
  while (at > 0 && call.items[at]?.word.start === call.items[at - 1]?.word.start) at++;
  return call.items[Math.min(at, last)];
}

/** A line of its own where the neighbour has one. */
function gapBefore(text: string, at: number): string {
  const lead = /(?:[ \t\n]|\\\n)*$/.exec(text.slice(Math.max(0, at - 400), at))?.[0] ?? "";
  return /[ \t]*\\\n[ \t]*$/.exec(lead)?.[0] ?? /\n[ \t]*$/.exec(lead)?.[0] ?? (lead === "" ? " " : lead);
}

/** A call of a template function where others of the call's arguments are such, else the words themselves. */
function wordsFor(script: Script, call: Call, name: string, value: string | true): string {
  const [option = name, slot] = name.split(" ");
  if (value === true) return option;
  const argument = slot === undefined ? value : `${slot},${value}`;
  const made = callFor(script, option, argument);
  const model = call.items.flatMap((item) => (item.kind === "call" ? [item.call] : []))[0];
  if (made?.words.every(isBare) && model) return styled(script, model, made);
  return `${option} ${quotedLike("", argument)}`;
}

/** In the delimiters and columns of another call. */
function styled(
  { text }: Script,
  model: TemplateCall,
  { name, words }: { name: string; words: readonly string[] },
): string {
  const { innerStart, words: others, backquoted } = model;
  const column = others[0] ? others[0].home.start - innerStart + model.name.length : 0;
  const head = text.slice(innerStart, others[0]?.home.start ?? innerStart).includes("\t")
    ? name
    : name.padEnd(column - 1);
  const inner = [head, ...words].join(" ");
  return backquoted ? `\`${inner}\`` : `$(${inner})`;
}
