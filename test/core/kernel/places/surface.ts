import type { FieldValue, Surface } from "../../../../provider/core/claims/types";

/** What a surface reads: a value, `undefined` for none, or why there is no place. */
export function said(surface: Surface, text: string, key: string): unknown {
  const reading = surface.read(text, "/f", `param[${key}]`);
  if (reading.kind === "no-place") return reading.why;
  return reading.kind === "value" ? reading.value : undefined;
}

/** The text with a parameter set, and what giving it back makes of that. */
export function thereAndBack(surface: Surface, text: string, key: string, value: FieldValue): [string, string] {
  const field = `param[${key}]`;
  const before = surface.read(text, "/f", field);
  const set = surface.write(text, "/f", field, value);
  return [set, surface.restore(set, "/f", field, before.kind === "value" ? before.raw : undefined)];
}
