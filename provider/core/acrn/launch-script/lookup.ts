import type { ArrayAssignment, Assignment, Script, Spot } from "./script";
import type { Block, Command } from "./structure";

/** What a name stands for at a place of the script. */
export type Found<T> =
  | { kind: "one"; at: T }
  /** Set in several places: which counts, only running the script tells. */
  | { kind: "several"; all: readonly T[]; why: string }
  | { kind: "unknown"; why: string };

export function lookUp(script: Script, name: string, use: Spot): Found<Assignment> {
  return found(script, name, use, script.assignments.get(name) ?? [], "");
}

export function lookUpArray(script: Script, name: string, use: Spot): Found<ArrayAssignment> {
  const all = script.arrays.get(name) ?? [];
  const element = script.assignments.get(name)?.[0];
  if (element) return { kind: "unknown", why: `${name} is changed on line ${element.line}` };
  const appended = all.find(({ append }) => append);
  if (appended) return { kind: "unknown", why: `${name} is appended to on line ${appended.line}` };
  return found(script, name, use, all, "the array ");
}

type Setting = Spot & { append: boolean; conditional: boolean };

function found<T extends Setting>(script: Script, name: string, use: Spot, all: readonly T[], what: string): Found<T> {
  const unknown = (why: string) => ({ kind: "unknown" as const, why });
  const set = script.setters.get(name);
  if (set !== undefined) return unknown(`${what}${name} is set while the script runs, on line ${set}`);
  const sourced = script.byName.get("source")?.[0] ?? script.byName.get(".")?.[0];
  if (sourced) return unknown(`${what}${name} may be set by the file that line ${sourced.words[0]?.line} reads in`);
  const own = ofSameFunction(script, all, use);
  if (own) return { kind: "one", at: own };
  const [first] = all;
  if (!first) return unknown(`${what}${name} is set nowhere in the script`);
  const lines = all.map(({ line }) => line).join(", ");
  if (all.length > 1) return { kind: "several", all, why: `${what}${name} is set more than once, on lines ${lines}` };
  if (first.append) return unknown(`${what}${name} is appended to on line ${first.line}`);
  if (!runsBefore(script, first, use))
    return unknown(`${what}${name} is set only in some cases, on line ${first.line}`);
  return { kind: "one", at: first };
}

/**
 * The one that the use's own function makes, where others are made elsewhere: generated 2.x scripts set `vm_name` in two functions. It counts
 * unless one of the others may run in between.
 */
function ofSameFunction<T extends Setting>(script: Script, all: readonly T[], use: Spot): T | undefined {
  const around = functionAround(use);
  const [own, second] = all.filter((each) => functionAround(each) === around);
  if (all.length < 2 || !own || second || own.append || !runsBefore(script, own, use)) return undefined;
  const others = new Set(all.flatMap((each) => functionAround(each)?.functionName ?? []));
  const between = script.commands.filter(
    ({ words: [first] }) => first && first.start > own.start && first.start < use.start,
  );
  return reaches(script, between, others) ? undefined : own;
}

/** Do commands call one of these functions, themselves or through others? */
function reaches(script: Script, commands: readonly Command[], names: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const queue = [...commands];
  for (let command = queue.pop(); command; command = queue.pop()) {
    const name = command.words[0]?.text ?? "";
    if (names.has(name)) return true;
    if (seen.has(name) || !script.functions.has(name)) continue;
    seen.add(name);
    queue.push(...script.commands.filter((each) => functionAround(each)?.functionName === name));
  }
  return false;
}

/** Has `set` run whenever `use` runs? */
function runsBefore(script: Script, set: Setting, use: Spot): boolean {
  if (set.conditional) return false;
  let at = use.start;
  let block: Block | undefined = use.block;
  for (; block && block !== set.block; block = block.parent) {
    // A body runs where it is called, not where it stands.
    if (block.functionName !== undefined) at = firstCall(script, block.functionName) ?? at;
  }
  return block !== undefined && set.start < at;
}

function firstCall(script: Script, name: string): number | undefined {
  return script.byName.get(name)?.[0]?.words[0]?.start;
}

/** The function in whose body a place is. */
export function functionAround({ block }: { block: Block }): Block | undefined {
  let at: Block | undefined = block;
  while (at && at.functionName === undefined) at = at.parent;
  return at;
}

/** The command line that gives a function its positional parameters, when there is but one. */
export function callOf(
  script: Script,
  name: string,
): (Spot & { words: readonly { start: number; end: number }[] }) | undefined {
  const calls = script.byName.get(name) ?? [];
  const [call] = calls;
  if (calls.length !== 1 || !call || script.functions.get(name)?.length !== 1) return undefined;
  const first = call.words[0];
  return first && { block: call.block, start: first.start, line: first.line, words: call.words };
}
