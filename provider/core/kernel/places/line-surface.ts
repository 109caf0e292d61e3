import type { FieldValue, Reading, Surface } from "../../claims/types";
import { AcrnError } from "../../errors";
import { applyEdits, type TextEdit } from "../../text/edits";
import { visible } from "../../text/visible";
import { setEdits } from "../cmdline/edit";
import { keyOfField } from "../cmdline/keys";
import { byteLength, checkLength, KERNEL_LIMIT, type Limit } from "../cmdline/limit";
import { type Cmdline, parsePieces } from "../cmdline/parse";
import { parseRaw, rawOf, restoreSteps } from "../cmdline/restore";
import { checkParam, isParamValue, type ParamValue, printWord, saidOf, wordsFor } from "../cmdline/value";
import { inFile, lineOf, type Mapped, textOf, unsayable } from "./mapped";

/** Why the line of a file cannot be told, or cannot be changed. */
export interface LineRefusal {
  why: string;
  /** From 1. */
  line: number;
}

/** One kind of file, or a part of one, that holds a kernel command line. */
export interface LinePlace {
  /** The line in the text; undefined: the text has none yet. Never throws. */
  open(text: string, file: string): Mapped | LineRefusal | undefined;
  /** The text with the place for a line, which is still empty. */
  create(text: string): string;
  /** The text with quotes where its line has none, so that a blank can be put in. */
  loosen?(text: string): string;
  /** Whatever else the text says: as long as it stays, two texts with the same parameters are the same. */
  rest(text: string): string;
  /** What is wrong with such a word here, if anything. */
  trouble(word: string): string | undefined;
  /** @default the kernel's */
  limit?: Limit;
}

/** A file with a kernel command line, as claims see it: `param[isolcpus]`, a field for each key. */
export function lineSurface(place: LinePlace): Surface {
  return {
    read: (text, file, field) => read(place, text, file, keyOf(field)),
    write: (text, file, field, value) => write(place, text, file, keyOf(field), value),
    restore: (text, file, field, raw) => restore(place, text, file, keyOf(field), raw),
    takes: (field, value, raw) =>
      keyOfField(field) === undefined || (isParamValue(value) && (raw === undefined || parseRaw(raw) !== undefined)),
    sameFields: (a, b, file) => sameFields(place, a, b, file),
    show,
  };
}

/** The command line that a text holds, or why it cannot be told. */
export function lineIn(place: LinePlace, text: string, file: string): string | LineRefusal | undefined {
  const opened = usable(place, text, file);
  return opened && "pieces" in opened ? lineOf(opened) : opened;
}

function read(place: LinePlace, text: string, file: string, key: string): Reading {
  const opened = usable(place, text, file);
  if (opened === undefined) return { kind: "absent" };
  if ("why" in opened) return { kind: "no-place", why: `line ${opened.line}: ${opened.why}` };
  const lines = linesOf(opened);
  const value = saidOf(lines, key);
  return value === undefined ? { kind: "absent" } : { kind: "value", value, raw: rawOf(lines, key) };
}

function linesOf({ pieces }: Mapped): Cmdline[] {
  return parsePieces(pieces.map(textOf));
}

/** Above any file of this kind, and any line that a kernel takes (x86: 2 KiB): more is foreign text, and had better cost nothing. */
const LARGEST = 256 * 1024;
const LONGEST = 4 * 1024;

function usable(place: LinePlace, text: string, file: string): Mapped | LineRefusal | undefined {
  if (text.length > LARGEST || text.includes("\0"))
    return { why: "the file is no configuration of a boot loader", line: 1 };
  const opened = place.open(text, file);
  if (!opened || "why" in opened) return opened;
  if (lineOf(opened).length > LONGEST) return { why: "the line is longer than any kernel takes", line: 1 };
  if (!linesOf(opened).some(({ open }) => open)) return opened;
  return { why: "the kernel command line has a quote that does not end", line: 1 };
}

function write(place: LinePlace, text: string, file: string, key: string, wish: FieldValue): string {
  const value = checkParam(key, wish);
  const opened = usable(place, text, file);
  if (opened && "why" in opened) throw computed(file, opened);
  if (!opened) return value === null ? text : write(place, created(place, text, file, key), file, key, value);
  if (value !== null) checkWords(place, file, key, value);
  const lines = linesOf(opened);
  const next = edited(text, opened, setEdits(lines, key, value));
  const loose = next === undefined ? (place.loosen?.(text) ?? text) : text;
  if (loose !== text) return write(place, loose, file, key, value);
  const after = next === undefined ? undefined : usable(place, next, file);
  if (!after || "why" in after || !holds(lines, linesOf(after), key, value)) throw cannot(file, key);
  if (byteLength(lineOf(after)) > byteLength(lineOf(opened)))
    checkLength(lineOf(after), place.limit ?? KERNEL_LIMIT, file);
  return next as string;
}

/** A place that is made and not found again is within something else: a quote that does not end. */
function created(place: LinePlace, text: string, file: string, key: string): string {
  const made = place.create(text);
  if (usable(place, made, file) === undefined) throw cannot(file, key);
  return made;
}

function edited(text: string, { pieces }: Mapped, edits: readonly TextEdit[][]): string | undefined {
  const inText = pieces.map((piece, at) => inFile(piece, edits[at] ?? []));
  return inText.some((list) => list === undefined)
    ? undefined
    : applyEdits(
        text,
        inText.flatMap((list) => list ?? []),
      );
}

/** A file is only written where it then says what was meant, and of everything else what it said before. */
function holds(before: readonly Cmdline[], after: readonly Cmdline[], key: string, value: ParamValue | null): boolean {
  const others = (lines: readonly Cmdline[]) =>
    lines.map(({ params, rest }) => [params.filter((p) => p.key !== key).map(({ raw }) => raw), rest.trim()]);
  const same = JSON.stringify(saidOf(after, key) ?? null) === JSON.stringify(value);
  return same && JSON.stringify(others(before)) === JSON.stringify(others(after));
}

function checkWords(place: LinePlace, file: string, key: string, value: ParamValue): void {
  for (const { name, value: text } of wordsFor(key, value)) {
    const word = printWord(name, text);
    const trouble = place.trouble(word);
    if (trouble !== undefined) throw unsayable(file, key, word, trouble);
  }
}

/** Where the line cannot be told any more, nothing is left to give back. */
function restore(place: LinePlace, text: string, file: string, key: string, raw: string | undefined): string {
  return restoreSteps(key, raw).reduce((sofar, step) => {
    const there = usable(place, sofar, file) !== undefined;
    const base = there || raw === undefined ? sofar : place.create(sofar);
    const opened = usable(place, base, file);
    if (!opened || "why" in opened) return sofar;
    const edits = step(linesOf(opened));
    return edits.some((list) => list.length > 0) ? (edited(base, opened, edits) ?? sofar) : sofar;
  }, text);
}

/** The order of different keys has no meaning to the kernel; of one key's words it has. */
function sameFields(place: LinePlace, a: string, b: string, file: string): boolean {
  const [one, other] = [a, b].map((text) => saidIn(place, text, file));
  if (one === undefined || other === undefined) return a === b;
  return one === other && place.rest(a) === place.rest(b);
}

function saidIn(place: LinePlace, text: string, file: string): string | undefined {
  const opened = usable(place, text, file);
  if (opened && "why" in opened) return undefined;
  const lines = opened ? linesOf(opened) : [];
  const keys = [...new Set(lines.flatMap(({ params }) => params.map(({ key }) => key)))].sort();
  return JSON.stringify([keys.map((key) => [key, saidOf(lines, key)]), lines.map(({ rest }) => rest.trim()).join("")]);
}

function show(value: FieldValue): string {
  if (value === true) return "given";
  if (value === null) return "(absent)";
  if (Array.isArray(value)) return value.map((each) => show(each as FieldValue)).join(", ");
  return visible(typeof value === "string" ? value || '""' : JSON.stringify(value));
}

function keyOf(field: string): string {
  const key = keyOfField(field);
  if (key !== undefined) return key;
  throw new AcrnError("field.unknown", `a claim is on ${field}, a field that this version does not know`, {
    hint: "Kernel parameters are named `param[isolcpus]`, with `_` for `-`. A claim of a newer pulumi-acrn needs one at least as new.",
  });
}

function computed(file: string, { why, line }: LineRefusal): AcrnError {
  return new AcrnError("cmdline.computed", `the kernel command line cannot be changed here: ${why}`, {
    where: { file, line },
    hint: "Write it there as one literal text, in quotes, or set the parameter by hand.",
  });
}

function cannot(file: string, key: string): AcrnError {
  return new AcrnError("cmdline.edit", `${key} cannot be written alone: the text around it would be read otherwise`, {
    where: { file },
    hint: "Write the command line there as one literal text, in quotes.",
  });
}
