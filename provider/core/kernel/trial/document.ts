import { isRecord } from "../../claims/same";
import type { Document, FieldValue, Surface } from "../../claims/types";
import type { ParamValue } from "../cmdline";
import { isParamValue } from "../cmdline/value";
import { trialOf, withoutTrial, withTrial } from "./custom-cfg";

/**
 * What a trial is for, as its entry carries it in a comment: so that whoever confirms it needs nothing but the machine's ledger.
 */
export interface TrialNote {
  /** Part of the entry's id. */
  id: string;
  /** Document of the line that gets the parameters once they are confirmed: `line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub]`. */
  line: string;
  /** By key, what that line is to say then; null: it is not there. */
  params: Readonly<Record<string, ParamValue | null>>;
  /** Keys that the trial's own line has otherwise, so that the machine comes back (means.ts): they prove nothing. */
  means: readonly string[];
  /** Which of them are claimed; the others are given back. */
  claims: readonly string[];
}

/** First word of its field id: beside the menu that reads it. */
export function trialDocumentId(customCfg: string): string {
  return `trial[${customCfg}]`;
}

/** Field id of the trial's entry. */
export function trialFieldId(customCfg: string): string {
  return `${trialDocumentId(customCfg)} entry`;
}

const ID = /^trial\[(\/boot\/(?:grub2?|efi\/EFI\/[A-Za-z0-9_-]+)\/custom\.cfg)\]$/;

/** The file of such an id; undefined: it is none. */
export function pathOfTrial(id: string): string | undefined {
  return ID.exec(id)?.[1];
}

/** @param live text of custom.cfg; undefined when it is not there */
export function trialDocument(id: string, live: string | undefined): Document | undefined {
  const path = pathOfTrial(id);
  return path === undefined ? undefined : { id, path, surface: trialSurface, live, blank: "" };
}

const NOTE = "# pulumi-acrn: ";

/** The field's value: the note, and the entry that GRUB reads. */
export function trialText(note: TrialNote, entry: string): string {
  return `${NOTE}${JSON.stringify(note)}\n${entry}`;
}

/** Undefined: it is no trial of ours, or one of another version. */
export function noteOfTrial(value: FieldValue | undefined): TrialNote | undefined {
  const first = typeof value === "string" ? (value.split("\n", 1)[0] ?? "") : "";
  if (!first.startsWith(NOTE)) return undefined;
  try {
    const note: unknown = JSON.parse(first.slice(NOTE.length));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

function isNote(note: unknown): note is TrialNote {
  if (!isRecord(note) || !isRecord(note.params)) return false;
  const { id, line, params, means, claims } = note;
  return (
    typeof id === "string" &&
    typeof line === "string" &&
    texts(means) &&
    texts(claims) &&
    Object.values(params).every((value) => isParamValue(value as FieldValue))
  );
}

/** custom.cfg as claims see it: one field, `entry`. What else is in it is its owner's. */
const trialSurface: Surface = {
  read: (text, _file, key) => {
    const entry = key === "entry" ? trialOf(text) : undefined;
    return entry === undefined ? { kind: "absent" } : { kind: "value", value: entry, raw: entry };
  },
  write: (text, _file, _key, value) =>
    typeof value === "string" ? withTrial(text, value) : (withoutTrial(text) ?? ""),
  restore: (text, _file, _key, raw) => (raw === undefined ? (withoutTrial(text) ?? "") : withTrial(text, raw)),
  takes: (_key, value, raw) => value === null || (typeof value === "string" && (raw === undefined || raw === value)),
  sameFields: (a, b) => a === b,
  show: (value) => {
    const note = noteOfTrial(value);
    if (note) return `entry pulumi-acrn-trial-${note.id}, which only an Activation boots`;
    return typeof value === "string" ? "an entry of another version" : "(absent)";
  },
};
