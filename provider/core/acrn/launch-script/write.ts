import { AcrnError } from "../../errors";
import { applyEdits, type TextEdit } from "../../text/edits";
import type { Argument } from "./getopt";
import { arityOf } from "./options";
import { insertion, removal, spanOf } from "./presence";
import { quotedLike } from "./quote";
import { valueEdits } from "./value-edit";
import { type Call, find, type View, viewOf } from "./view";

/** The script with an argument that has `value`; null: without it. Every call of acrn-dm gets it. */
export function writeArgument(text: string, file: string, name: string, value: string | true | null): string {
  checkValue(file, name, value);
  const count = viewOf(text, file).calls.length;
  let now = text;
  for (let index = 0; index < Math.max(1, count); index++) now = writeCall(now, file, index, name, value);
  return now;
}

function writeCall(text: string, file: string, index: number, name: string, value: string | true | null): string {
  const view = viewOf(text, file);
  const call = view.calls[index];
  // While the first of several calls has its new value already, they differ.
  const refusal = index === 0 || !call ? view.refusal : call.refusal;
  if (refusal || !call)
    throw refused(file, name, `line ${refusal?.line ?? 1}: ${refusal?.why ?? "acrn-dm is not called"}`);
  const argument = find(call, name);
  if (argument && !("name" in argument)) throw refused(file, name, argument.why);
  if ((argument?.value ?? null) === value) return text;
  for (const edits of candidates(view, call, argument, name, value)) {
    if (!edits) continue;
    const next = applyEdits(text, edits);
    if (holdsAfter(call, viewOf(next, file).calls[index], name, value)) return next;
  }
  throw cannot(file, name, value, argument);
}

/** From the smallest edit to the largest. The first that gives acrn-dm what is wanted, and nothing else another value, is taken. */
function* candidates(
  { script }: View,
  call: Call,
  argument: Argument | undefined,
  name: string,
  value: string | true | null,
): Generator<readonly TextEdit[] | undefined> {
  if (!argument) {
    if (value !== null) yield [insertion(script, call, name, value)];
    return;
  }
  if (value === null) {
    const edit = removal(script, call, argument);
    yield edit && [edit];
    return;
  }
  if (value !== true) yield valueEdits(script, argument, value);
  yield literally(script.text, argument, value);
}

/** The argument in words of its own, in the place of a variable or a call that cannot hold the value. */
function literally(text: string, argument: Argument, value: string | true): TextEdit[] | undefined {
  const span = spanOf(argument);
  const [item] = argument.items;
  if (!span || !item) return undefined;
  const option = argument.name.split(" ")[0] as string;
  const acts = (inner: string) => item.kind === "call" && item.call.template.acts(argument.prefix + inner);
  if (acts(String(argument.value)) || (value !== true && acts(value))) return undefined;
  if (value === true) return [{ ...span, text: option }];
  const [, second] = argument.items;
  // Attached, as in `-m1G` and `--x=y`, the prefix holds the option.
  const attached = argument.prefix.startsWith("-");
  const head = second ? text.slice(span.start, second.word.start) : attached ? "" : `${option} `;
  return [{ ...span, text: head + quotedLike("", argument.prefix + value) }];
}

/** Does acrn-dm get exactly this, and everything else as before? */
function holdsAfter(before: Call, after: Call | undefined, name: string, value: string | true | null): boolean {
  if (!after || after.refusal) return false;
  const argument = find(after, name);
  if (argument && !("name" in argument)) return false;
  if ((argument?.value ?? null) !== value) return false;
  return others(before, name) === others(after, name);
}

function others({ arguments: list, vm }: Call, name: string): string {
  const rest = list.filter((argument) => argument.name !== name);
  return JSON.stringify([vm, rest.map((each) => [each.name, each.value, each.why])]);
}

function checkValue(file: string, name: string, value: string | true | null): void {
  const arity = name.startsWith("-s ") ? "argument" : arityOf(name);
  const fits = value === null || arity === "unknown" || (arity === "flag") === (value === true);
  if (fits) return;
  const what = value === true ? `${name} needs a value` : `${name} takes no value`;
  throw new AcrnError("launch.value", `${what}, as acrn-dm has it`, {
    where: { file },
    hint: value === true ? "Give it one." : "Declare it as true, or as null to have it taken out.",
  });
}

/** @internal */
export function refused(file: string, name: string, why: string): AcrnError {
  const line = Number(/^line (\d+): /.exec(why)?.[1] ?? 1);
  return new AcrnError("launch.computed", `${name} cannot be changed in this script: ${why}`, {
    where: { file, line },
    hint: "Write the argument literally there, in a single place, or let the script be written whole: `script: { owned: ... }`.",
  });
}

function cannot(file: string, name: string, value: string | true | null, argument: Argument | undefined): AcrnError {
  const line = argument?.line ?? 1;
  const what = value === null ? "taken out" : `set to ${JSON.stringify(value)}`;
  return new AcrnError("launch.edit", `${name} cannot be ${what}: the words on line ${line} cannot hold that alone`, {
    where: { file, line },
    hint: "Write the argument on that line in words of its own, without a variable or a function around it.",
  });
}
