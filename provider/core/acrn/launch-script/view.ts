import { remembered } from "../../text/remembered";
import { expand, headOf, textOf } from "./expand";
import { type Argument, type Parsed, parseArguments, type Refusal } from "./getopt";
import { type Item, itemsOf } from "./items";
import { functionAround } from "./lookup";
import { readScript, type Script } from "./script";
import type { Block, Command } from "./structure";
import type { Token } from "./tokens";

/** One acrn-dm call of a script. */
export interface Call extends Parsed {
  line: number;
  items: readonly Item[];
  /** The function whose body it is in. */
  around: Block | undefined;
  /** Behind the word acrn-dm. */
  end: number;
  /** Arguments stand in an array, as generators of 3.x write them. */
  inArray: boolean;
}

/** What acrn-dm is called with. Several calls say the same, or there is a refusal. */
export interface View {
  script: Script;
  calls: readonly Call[];
  refusal?: Refusal;
}

/** Generated scripts have about 10 KB, and acrnctl takes none above 20 KB (reference 1.4). */
const LARGEST = 256 * 1024;
const MOST_CALLS = 16;
const MOST_WORDS = 512;

/** Never throws: a script is foreign text. */
export const viewOf = remembered<View>((text) => {
  if (text.length > LARGEST || text.includes("\0"))
    return { script: readScript(""), calls: [], refusal: { line: 1, why: "the file is no launch script" } };
  const script = readScript(text);
  const calls = callsOf(script);
  const refusal = refusalOf(script, calls);
  return { script, calls, ...(refusal ? { refusal } : {}) };
});

/** Commands that only start another one. */
const STARTERS = new Set(
  "sudo exec nohup command env setsid nice ionice chrt taskset stdbuf timeout systemd-run strace".split(" "),
);

function callsOf(script: Script): Call[] {
  const calls: Call[] = [];
  for (const command of script.commands) {
    const at = deviceModelAt(script, command);
    if (at === undefined || calls.length > MOST_CALLS) continue;
    const call = callOf(script, command, at);
    // `acrn-dm -v` only asks.
    if (call && !(call.last === undefined && call.arguments.some(({ name }) => name === "-v" || name === "-h")))
      calls.push(call);
  }
  return calls;
}

function callOf(script: Script, { words, block }: Command, at: number): Call | undefined {
  const [name, ...rest] = words.slice(at);
  if (!name) return undefined;
  const spot = { block, start: name.start, line: name.line };
  // The name's own word may be a variable that holds arguments too.
  const items = itemsOf(script, [name, ...rest.slice(0, MOST_WORDS)], spot).slice(1);
  const parsed = parseArguments(items);
  if (rest.length > MOST_WORDS) parsed.refusal ??= { line: name.line, why: "acrn-dm is called with too many words" };
  const inArray = items.some(({ container }) => container !== spot.start);
  return { ...parsed, line: name.line, items, around: functionAround(spot), end: name.end, inArray };
}

/** The word that is acrn-dm, where it is what the command runs. */
function deviceModelAt(script: Script, { words, block }: Command): number | undefined {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*\+?=/.test(text));
  const head = words[first];
  if (!head) return undefined;
  if (!STARTERS.has(head.text))
    return isDeviceModel(script, head, { block, start: head.start, line: head.line }) ? first : undefined;
  const at = words.slice(0, first + 16).findIndex((word) => /^\/?(?:[\w.-]+\/)*acrn-dm$/.test(word.text));
  return at < 0 ? undefined : at;
}

function isDeviceModel(script: Script, { text, start, end }: Token, spot: Parameters<typeof itemsOf>[2]): boolean {
  if (/^[\w./-]+$/.test(text)) return text === "acrn-dm" || text.endsWith("/acrn-dm");
  if (!/^["']?[$./\w]/.test(text) || text.length > 100) return false;
  const [field] = expand(script, { start, end }, spot);
  const value = field && (textOf(field) ?? headOf(field));
  return value === "acrn-dm" || (value?.endsWith("/acrn-dm") ?? false);
}

function refusalOf(script: Script, calls: readonly Call[]): Refusal | undefined {
  const [first, ...others] = calls;
  if (!first) return noCall(script);
  const evaluated = script.byName.get("eval")?.[0]?.words[0];
  if (evaluated) return { line: evaluated.line, why: "eval runs words that only running the script tells" };
  const refused = calls.find(({ refusal }) => refusal)?.refusal;
  if (refused) return refused;
  const unread = calls[MOST_CALLS];
  if (unread) return { line: unread.line, why: `acrn-dm is called more than ${MOST_CALLS} times` };
  const other = others.find((call) => said(call) !== said(first));
  if (other) return { line: other.line, why: `acrn-dm is called on line ${first.line} too, with other arguments` };
  const split = script.assignments.get("IFS")?.find((each) => !each.local || functionAround(each) === first.around);
  return split && { line: split.line, why: "IFS is set: what separates words, only running the script tells" };
}

function noCall({ text }: Script): Refusal {
  const at = text.indexOf("acrn-dm");
  if (at < 0) return { line: 1, why: "the script does not call acrn-dm" };
  const line = text.slice(0, at).split("\n").length;
  return { line, why: "acrn-dm stands in a string, a here-document or a comment, not in a command of the script" };
}

function said({ arguments: list, vm }: Call): string {
  return JSON.stringify([vm, list.map(({ name, value, why }) => [name, value, why])]);
}

/** The argument of that name in a call, or why it cannot be told. */
export function find(call: Call, name: string): Argument | { why: string } | undefined {
  const all = call.arguments.filter((argument) => argument.name === name);
  const maybe = call.maybe.get(name);
  const [first, second] = all;
  if (second) return { why: `line ${second.line}: ${name} is given on line ${first?.line} too` };
  if (maybe) return { why: `line ${maybe.line}: ${maybe.why}` };
  return first?.why === undefined ? first : { why: `line ${first.line}: ${first.why}` };
}
