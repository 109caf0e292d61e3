import { same } from "./same";
import type { Baseline, FieldRecord, FieldValue, Reading } from "./types";

/** Does the text say what was there before anybody claimed the field? */
export function atBaseline(reading: Reading, baseline: Baseline): boolean {
  if (baseline.kind === "absent") return reading.kind === "absent";
  return reading.kind === "value" && same(reading.value, baseline.value);
}

/** Does the text say `value`? A `null` is a wish for absence. */
export function holds(reading: Reading, value: FieldValue): boolean {
  if (value === null) return reading.kind === "absent";
  return reading.kind === "value" && same(reading.value, value);
}

/** What we wrote last or before that; every other value that is not the baseline is somebody else's. */
export function wasOurs(reading: Reading, { applied, previous }: FieldRecord): boolean {
  return [applied, previous].some((value) => value !== undefined && holds(reading, value));
}

/** The bytes that go back; undefined: nothing was there. */
export function rawOf(baseline: Baseline): string | undefined {
  return baseline.kind === "value" ? baseline.raw : undefined;
}
