import { applyEdits, type TextEdit } from "../../text/edits";
import { removal } from "./presence";
import { tokenize } from "./tokens";
import { type Call, viewOf } from "./view";

/**
 * Do two scripts hold the same? acrn-dm takes its options in any order, so an argument that was taken out and put back may stand beside
 * another one than before. Apart from that all words and comments count, white space at line ends does not.
 */
export function sameLaunch(a: string, b: string, file: string): boolean {
  if (a === b || trimmed(a) === trimmed(b)) return true;
  const [one, other] = [viewOf(a, file), viewOf(b, file)];
  if (one.refusal || other.refusal || one.calls.length !== other.calls.length) return false;
  if (!one.calls.every((call, at) => said(call) === said(other.calls[at] as Call))) return false;
  return rest(a, file) === rest(b, file);
}

function trimmed(text: string): string {
  return text.replaceAll(/[ \t]+(?=\n|$)/g, "");
}

function said({ arguments: list, vm, refusal }: Call): string {
  return JSON.stringify([vm, refusal, list.map(({ name, value, why }) => [name, value, why].join("\0")).sort()]);
}

/** The script without the arguments that can be taken out, word by word, with its comments line by line. */
function rest(text: string, file: string): string {
  let now = text;
  for (let edits = removals(now, file); edits.length > 0; edits = removals(now, file)) now = applyEdits(now, edits);
  let at = 0;
  const parts: string[] = [];
  for (const token of tokenize(now)) {
    parts.push(...lines(now.slice(at, token.start)));
    // An argument may have had its line to itself.
    if (token.kind !== "newline" || parts.at(-1) !== "\n") parts.push(token.text);
    at = token.end;
  }
  return JSON.stringify([...parts, ...lines(now.slice(at))]);
}

function lines(gap: string): string[] {
  return gap.split("\n").flatMap((line) => line.trim() || []);
}

/** As many as do not touch each other: the last argument's removal takes what stands before it along. */
function removals(text: string, file: string): TextEdit[] {
  const { script, calls } = viewOf(text, file);
  const all = calls.flatMap((call) => call.arguments.flatMap((each) => removal(script, call, each) ?? []));
  const out: TextEdit[] = [];
  for (const edit of all.sort((a, b) => a.start - b.start)) if (edit.start >= (out.at(-1)?.end ?? 0)) out.push(edit);
  return out;
}
