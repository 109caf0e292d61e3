import type { Refusal } from "../../plan/types";
import { neighboursOf } from "./neighbours";
import { UNIT_FOLDER } from "./surface";
import { stateOf, type UnitFile, type UnitFiles, unitFiles } from "./unit-files";

export interface Masks {
  /** Units whose file in the administrator's folder is to be empty. */
  mask: string[];
  refusals: Refusal[];
  /** Sentences: what is masked already, what stays behind. */
  notes: string[];
}

/**
 * From units that shall be masked to files to write. A mask needs no unit to be running or enabled, and changes neither: what was enabled is enabled again
 * once the file is gone or has its old text.
 */
export function planMasks(units: readonly string[], all: readonly UnitFile[]): Masks {
  const files = unitFiles(all);
  const out: Masks = { mask: [], refusals: [], notes: [] };
  for (const unit of units) one(unit, files, out);
  const masked = new Set(out.mask);
  for (const unit of out.mask)
    for (const { unit: other, why } of neighboursOf(unit, masked, files)) out.notes.push(`${other} ${why}`);
  return out;
}

function one(unit: string, files: UnitFiles, out: Masks): void {
  const state = stateOf(unit, files);
  const path = `${UNIT_FOLDER}/${unit}`;
  if (state.kind === "masked" && state.how === "link")
    out.notes.push(`${unit} is masked already: ${state.path} is a link to /dev/null`);
  else if (state.kind === "alias") out.refusals.push(alias(unit, state.path, state.of));
  else if (linkAt(path, files)) out.refusals.push(linked(unit, path));
  else if (state.kind !== "missing" && state.path !== path && above(state.path))
    out.refusals.push(outranked(unit, state.path));
  else out.mask.push(unit);
}

/** A file written there would go through the link, into the package's own unit. */
function alias(unit: string, path: string, of: string): Refusal {
  const message = `${unit} is another name of ${of} (${path}), and a mask by that name would empty the file of ${of} itself`;
  return refusal(unit, "tuning.service.alias", message, `Name ${of} instead.`);
}

function linked(unit: string, path: string): Refusal {
  const message = `${path} is a symbolic link to the unit's file elsewhere, which a mask would empty`;
  return refusal(
    unit,
    "tuning.service.link",
    message,
    `Mask it by hand: systemctl disable ${unit}; systemctl mask ${unit}.`,
  );
}

function outranked(unit: string, path: string): Refusal {
  const message = `${path} outranks ${UNIT_FOLDER}, so a mask there has no effect`;
  return refusal(unit, "tuning.service.outranked", message, "It is made at run time: switch off what makes it.");
}

/** Folders above the administrator's (`unit-files.ts`). */
function above(path: string): boolean {
  return /^\/(?:etc|run)\/systemd\/system\.control\/|^\/run\/systemd\/(?:transient|generator\.early)\//.test(path);
}

function linkAt(path: string, files: UnitFiles): boolean {
  const link = files.get(path)?.link;
  return link !== undefined && link !== "/dev/null";
}

function refusal(unit: string, code: string, message: string, hint: string): Refusal {
  return { tip: "T13", code, property: `services.${unit}`, message, hint };
}
