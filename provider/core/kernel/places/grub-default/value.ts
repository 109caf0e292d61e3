import { shortened } from "../../../acrn/launch-script/expand";
import { isBare } from "../../../acrn/launch-script/quote";
import { type Assignment, readScript, type Script } from "../../../acrn/launch-script/script";
import { type Segment, segmentsOf } from "../../../acrn/launch-script/words";
import type { LineRefusal } from "../line-surface";
import { type Encode, type Mapped, plainStretch, type Stretch, textOf } from "../mapped";

/** Variables that grub-mkconfig puts on the kernel's line; recovery entries get the first alone [util/grub.d/10_linux.in]. */
export type GrubVariable = "GRUB_CMDLINE_LINUX" | "GRUB_CMDLINE_LINUX_DEFAULT";

/** What a file makes of a variable. */
export interface GrubValue extends Mapped {
  pieces: Stretch[][];
  /** It begins with, or holds, what files before it gave the variable. */
  inherits: boolean;
  assignments: readonly Assignment[];
}

/**
 * A variable as the shell of grub-mkconfig sets it, each assignment after the other: `VAR="$VAR more"` goes on with what was there, any other begins anew.
 * Undefined: the file does not set it.
 */
export function grubValue(text: string, variable: GrubVariable): GrubValue | LineRefusal | undefined {
  const script = readScript(text);
  const refusal = refusalOf(script, variable);
  if (refusal) return refusal;
  const assignments = script.assignments.get(variable) ?? [];
  if (assignments.length === 0) return undefined;
  let value: GrubValue = { pieces: [], inherits: true, assignments };
  for (const [at, assignment] of assignments.entries()) {
    const made = assigned(text, assignment, at === 0 ? undefined : value);
    if ("why" in made) return made;
    value = { ...made, assignments };
  }
  return fusedIn(value) ?? value;
}

function refusalOf({ assignments, setters, byName }: Script, variable: string): LineRefusal | undefined {
  const set = setters.get(variable);
  if (set !== undefined) return { line: set, why: `${variable} is set by a command` };
  const other = ["source", ".", "eval"].flatMap((name) => byName.get(name) ?? [])[0]?.words[0];
  if (other) return { line: other.line, why: `${other.text} may set ${variable}: only running the file tells` };
  const some = (assignments.get(variable) ?? []).find(({ block, conditional }) => block.parent || conditional);
  return some && { line: some.line, why: `${variable} is set only in some cases` };
}

function assigned(
  text: string,
  at: Assignment,
  before: GrubValue | undefined,
): Omit<GrubValue, "assignments"> | LineRefusal {
  const { start, end, line, name, append } = at;
  if (text.slice(start, end).includes("\n")) return { line, why: "a line break in it would end GRUB's command" };
  if (isOpen(text, at)) return { line, why: "a quote does not end" };
  const inherited = before?.pieces ?? [];
  const pieces: Stretch[][] = append ? [...inherited] : [];
  let own: Stretch[] = [];
  let again = append ? 1 : 0;
  for (const segment of segmentsOf(text, start, end)) {
    if (segment.kind === "text") own.push(stretchOf(text, segment));
    else if (segment.kind !== "parameter" || segment.name !== name)
      return { line, why: `it is computed by ${shortened(text.slice(segment.start, segment.end))}` };
    else if (++again > 1) return { line, why: `${name} is put in more than once` };
    else if (!before) own.push(outside(text, segment));
    else {
      pieces.push(own, ...inherited);
      own = [];
    }
  }
  pieces.push(own);
  const full = pieces.filter((piece) => piece.length > 0);
  const empty: Stretch = { text: "", spans: [], end: start, encode: () => undefined };
  const inherits = again > 0 && (before?.inherits ?? true);
  return { pieces: full.length > 0 ? full : [[empty]], inherits };
}

/** What other files gave the variable stands for itself: a word of which nothing is known. */
function outside(text: string, { start, end, quote }: Segment): Stretch {
  return plainStretch(text.slice(start, end), start, encoder(quote));
}

function stretchOf(text: string, segment: Segment & { kind: "text" }): Stretch {
  const { start, end, quote, value } = segment;
  const escaped = text[start] === "\\" && end - start === 2 && value.length === 1;
  // behind `\"` the text goes on with the quotes around it
  const encode = escaped && text[start - 1] !== undefined ? encoder(quote === "'" ? "" : quote) : encoder(quote);
  if (escaped) return { text: value, spans: [[start, end]], end, encode };
  return { ...plainStretch(value, start, encode), end };
}

function encoder(quote: Segment["quote"]): Encode {
  if (quote === "'") return (piece) => (piece.includes("'") ? undefined : piece);
  if (quote === '"') return (piece) => piece.replaceAll(/[\\$`"]/g, "\\$&");
  return (piece) => (isBare(piece) ? piece : undefined);
}

function isOpen(text: string, { start, end }: Assignment): boolean {
  let quote = "";
  for (let at = start; at < end; at++) {
    const char = text.charAt(at);
    if (char === "\\" && quote !== "'") at++;
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = "";
  }
  return quote !== "";
}

/** A word of which parts come from two assignments, or from another file: what it says there is no parameter of its own. */
function fusedIn({ pieces, assignments }: GrubValue): LineRefusal | undefined {
  const line = assignments[0]?.line ?? 1;
  const texts = pieces.map(textOf).filter((text) => text !== "");
  const at = texts.findIndex((text, index) => /\S$/.test(text) && /^\S/.test(texts[index + 1] ?? " "));
  const last = assignments.at(-1)?.line ?? 1;
  if (at !== -1) return { line: last, why: "a word of it is made by two assignments, without a blank between them" };
  const words = texts.join(" ").split(/\s+/);
  const word = words.find((each) => /\$\{?GRUB_CMDLINE/.test(each) && !/^\$(\w+|\{\w+\})$/.test(each));
  return word === undefined ? undefined : { line, why: `${shortened(word)} is one word with what other files set` };
}
