import { type Document, splitField, type Wish } from "../../core/claims/types";
import { type ParamValue, paramField } from "../../core/kernel/cmdline";
import { keyOfField } from "../../core/kernel/cmdline/keys";
import { heightsOf, linesOf } from "../../core/kernel/heights";
import { isAwaited } from "../../core/kernel/trial";
import type { View } from "../kind";
import type { Place } from "./place";
import type { Params } from "./wanted";

type InFile = Extract<Place, { kind: "file" }>;

/** What the line is to say at the end: the wishes, and for what is wished no more what it was before us. */
export function targetOf(view: View, { line }: InFile, wanted: Params): Params {
  const document = view.documents.get(line);
  const dropped = [...view.former.keys()].flatMap((field) => {
    const [id, key] = splitField(field);
    const name = id === line ? keyOfField(key) : undefined;
    return name === undefined || Object.hasOwn(wanted, name) ? [] : [name];
  });
  return { ...Object.fromEntries(dropped.map((key) => [key, beneath(document, key)])), ...wanted };
}

/** In the base view: without what we claim. */
function beneath(document: Document | undefined, key: string): ParamValue | null {
  if (document?.live === undefined) return null;
  const reading = document.surface.read(document.live, document.path, paramField(key));
  return reading.kind === "value" ? (reading.value as ParamValue) : null;
}

/** Wishes on the default line. */
export function onTheLine(line: string, params: Params): Wish[] {
  return Object.entries(params).map(([key, value]) => ({ field: `${line} ${paramField(key)}`, value }));
}

/** What it holds on the line now, and goes on to hold while another line is tried. */
export function heldOn({ former }: View, line: string): Wish[] {
  return [...former].filter(([field]) => splitField(field)[0] === line).map(([field, value]) => ({ field, value }));
}

/** May the default be written at once? Only where that boots nothing that did not boot before, or nothing boots here at all. */
export function isProven(view: View, { place, evidence }: InFile, target: Params): boolean {
  if (view.snapshot.kind === "folder") return true;
  const unconfirmed = isAwaited(view.snapshot);
  if (!unconfirmed && evidence.running !== undefined && says(target, { running: evidence.running })) return true;
  const { written, generated } = linesOf(evidence, place);
  return says(target, { ...(written ? { written } : {}), ...(generated === undefined ? {} : { generated }) });
}

/** Of what runs the answer has to be yes: a /proc/cmdline that is full may lack what was cut off. */
function says(target: Params, lines: Parameters<typeof heightsOf>[1]): boolean {
  const no = lines.running === undefined ? ["pending"] : ["pending", "unknown"];
  return !heightsOf(target as Parameters<typeof heightsOf>[0], lines).some(({ state }) => no.includes(state));
}

/** Does a line that runs say all of it? `but`: keys of which it need not. */
export function runs(line: string, target: Params, but: readonly string[] = []): boolean {
  const asked = Object.fromEntries(Object.entries(target).filter(([key]) => !but.includes(key)));
  return says(asked, { running: line });
}
