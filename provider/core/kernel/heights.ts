import type { FieldValue } from "../claims/types";
import { fieldKey, getParam, KERNEL_LIMIT, normalValue, type ParamValue, repeatOf } from "./cmdline";
import { byteLength } from "./cmdline/limit";
import { defaultEntry, environmentOf } from "./grub/entry";
import type { BootPlace, KernelEvidence } from "./loader/types";
import { surfaceOf } from "./place";

/** One command line at each height; missing: it cannot be seen, and `written` missing is a place without a file. */
export interface KernelLines {
  /** In the place that was found. */
  written?: (key: string) => ParamValue | undefined;
  /** On the line of what boots by default, where a file is generated. */
  generated?: string;
  /** `/proc/cmdline`. */
  running?: string;
}

/**
 * `write`: the place does not say it. `regenerate`: the generated file does not. `boot`: what runs does not. `elsewhere`: it is written and generated, and
 * something else on the line gives the key as well.
 */
export type Needs = "write" | "regenerate" | "boot" | "elsewhere";

/** Where one key stands. */
export interface ParamHeights {
  key: string;
  declared: ParamValue | null;
  written?: ParamValue | null;
  generated?: ParamValue | null;
  running?: ParamValue | null;
  state: "active" | "pending" | "unknown";
  /** What comes next, where it is pending. */
  needs?: Needs;
  /** Why it is unknown. */
  why?: string;
}

/** Each declared key at all heights, in the order of the keys. */
export function heightsOf(declared: Readonly<Record<string, FieldValue>>, lines: KernelLines): ParamHeights[] {
  return Object.entries(declared)
    .map(([name, value]) => heightOf(fieldKey(name), normalValue(fieldKey(name), value) as ParamValue | null, lines))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function heightOf(key: string, declared: ParamValue | null, lines: KernelLines): ParamHeights {
  const at = (line: string | undefined) => (line === undefined ? undefined : (getParam(line, key) ?? null));
  const written = lines.written === undefined ? undefined : (lines.written(key) ?? null);
  const [generated, running] = [at(lines.generated), at(lines.running)];
  const seen = Object.entries({ written, generated, running }).filter(([, value]) => value !== undefined);
  const state = { key, declared, ...Object.fromEntries(seen) };
  const says = (value: ParamValue | null) => same(key, value, declared);
  if (written !== undefined && !says(written)) return { ...state, state: "pending", needs: "write" };
  if (generated !== undefined && !says(generated))
    return { ...state, state: "pending", needs: holds(generated, declared) ? "elsewhere" : "regenerate" };
  if (running === undefined)
    return { ...state, state: "unknown", why: "nothing runs here: /proc/cmdline was not read" };
  if (says(running)) return { ...state, state: "active" };
  if (running === null && isCut(lines.running as string))
    return {
      ...state,
      state: "unknown",
      why: `/proc/cmdline is full (${KERNEL_LIMIT.bytes} bytes): what does not fit was cut off`,
    };
  return { ...state, state: "pending", needs: "boot" };
}

/** Does the kernel make the same of both? Of several it may take one alone. */
function same(key: string, one: ParamValue | null, other: ParamValue | null): boolean {
  return JSON.stringify(effective(key, one)) === JSON.stringify(effective(key, other));
}

/** A second `isolcpus=` adds what the first left open, so that only where the last one counts alone the others have no say. */
function effective(key: string, value: ParamValue | null): ParamValue | null {
  if (value === null || typeof value === "string" || value === true) return value;
  return repeatOf(key) === "last" ? (value.at(-1) ?? value) : value;
}

/** All that was declared, and more. */
function holds(there: ParamValue | null, declared: ParamValue | null): boolean {
  if (declared === null || there === null) return declared === null;
  const list = (value: ParamValue): readonly (string | true)[] => (typeof value === "object" ? value : [value]);
  return list(declared).every((each) => list(there).includes(each));
}

function isCut(line: string): boolean {
  return byteLength(line.replace(/\n$/, "")) >= KERNEL_LIMIT.bytes;
}

/** What the evidence says of a place that was found. */
export function linesOf(evidence: KernelEvidence, place: BootPlace): KernelLines {
  const { files, running } = evidence;
  const { file, generated } = place;
  const surface = surfaceOf(place);
  const written = (key: string): ParamValue | undefined => {
    const reading = surface?.read(files.get(file ?? "") ?? "", file ?? "", `param[${key}]`);
    return reading?.kind === "value" ? (reading.value as ParamValue) : undefined;
  };
  const line = generated === undefined ? undefined : generatedLine(evidence, generated);
  return {
    ...(surface ? { written } : {}),
    ...(line === undefined ? {} : { generated: line }),
    ...(running === undefined ? {} : { running }),
  };
}

function generatedLine({ files }: KernelEvidence, path: string): string | undefined {
  const grubenv = files.get(`${path.slice(0, path.lastIndexOf("/"))}/grubenv`);
  const booted = defaultEntry(files.get(path) ?? "", path, environmentOf(grubenv).get("saved_entry"));
  return booted.known ? booted.boots.line : undefined;
}
