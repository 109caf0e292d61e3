import type { FieldEdit, LeftField } from "../plan/types";
import { atBaseline, holds, rawOf, wasOurs } from "./baseline";
import type { Change } from "./change";
import { winner } from "./owners";
import { same } from "./same";
import {
  type Baseline,
  type Document,
  type FieldRecord,
  type FieldValue,
  type Ledger,
  type Reading,
  splitField,
} from "./types";

export interface Settled {
  /** What it takes in the text, if anything. */
  change?: Change;
  /** The field's record afterwards; undefined when nobody claims it any more. */
  record?: FieldRecord;
  edit?: FieldEdit;
  left?: LeftField;
  reserved?: boolean;
}

/** One field, from what the text says to what the claims say. `declared`: this resource wishes it. */
export function settleField(
  document: Document,
  text: string,
  field: string,
  ledger: Ledger,
  declared: boolean,
): Settled {
  const record = ledger.fields[field] ?? { claims: {} };
  const reading = document.surface.read(text, document.path, splitField(field)[1]);
  const target = winner(ledger, record);
  if (!target) return giveBack(document, field, record, reading);
  if (reading.kind === "no-place") return { record: homeless(record), reserved: true };
  const kept: FieldRecord = record.baseline ? record : { ...record, baseline: baselineOf(reading) };
  if (holds(reading, target.value)) return { record: applied(kept, target.value) };
  const change = { key: splitField(field)[1], value: target.value };
  const edit = editOf(document, field, reading, target.value, declared ? "declared" : "given back");
  return { change, record: applied(kept, target.value), edit };
}

function giveBack(document: Document, field: string, record: FieldRecord, reading: Reading): Settled {
  const { baseline } = record;
  if (!baseline) return {};
  if (reading.kind === "no-place")
    return { left: { field, shown: "(gone)", why: `${reading.why}: nothing to give back` } };
  if (atBaseline(reading, baseline)) return {};
  if (!wasOurs(reading, record)) {
    const shown = reading.kind === "value" ? document.surface.show(reading.value) : "(absent)";
    return { left: { field, shown, why: "somebody else changed it after us, so it stays" } };
  }
  const change = { key: splitField(field)[1], raw: rawOf(baseline) };
  const after = baseline.kind === "value" ? baseline.value : undefined;
  return { change, edit: editOf(document, field, reading, after, "given back") };
}

/**
 * The place went (a VM that we had inserted): when it comes again, what it holds then is the new baseline. A value from before us stays, for
 * the hand that may bring its place back.
 */
function homeless(record: FieldRecord): FieldRecord {
  if (record.baseline?.kind !== "absent") return record;
  const { baseline: _none, ...rest } = record;
  return rest;
}

function baselineOf(reading: Reading): Baseline {
  return reading.kind === "value" ? { kind: "value", value: reading.value, raw: reading.raw } : { kind: "absent" };
}

function applied(record: FieldRecord, value: FieldValue): FieldRecord {
  if (record.applied !== undefined && same(record.applied, value)) return record;
  const { applied: before, previous: _older, ...rest } = record;
  return before === undefined ? { ...rest, applied: value } : { ...rest, applied: value, previous: before };
}

function editOf(
  { path, surface }: Document,
  field: string,
  reading: Reading,
  value: FieldValue | undefined,
  why: FieldEdit["why"],
): FieldEdit {
  const before = reading.kind === "value" ? reading.value : undefined;
  const after = value === null ? undefined : value;
  const show = (v: FieldValue | undefined) => (v === undefined ? "(absent)" : surface.show(v));
  return { field, path, before, after, shown: { before: show(before), after: show(after) }, why };
}
