import { readScript } from "../../../acrn/launch-script/script";
import type { Surface } from "../../../claims/types";
import { applyEdits } from "../../../text/edits";
import { grubTrouble } from "../grub-words";
import { type LinePlace, lineSurface } from "../line-surface";
import { essence, withLine } from "../lines";
import { type GrubVariable, grubValue } from "./value";

export type { GrubVariable } from "./value";

/**
 * `/etc/default/grub` and fragments of `/etc/default/grub.d`: one variable of them. A document of it names file and variable: a claim on one variable is none on
 * the other.
 */
export function grubDefaultPlace(variable: GrubVariable): LinePlace {
  return {
    open: (text) => grubValue(text, variable),
    create: (text) => withLine(text, `${variable}=""`),
    loosen: (text) => loosened(text, variable),
    rest: (text) => restOf(text, variable),
    trouble: grubTrouble,
  };
}

/** The same as a surface for claims. */
export function grubDefaultSurface(variable: GrubVariable): Surface {
  return lineSurface(grubDefaultPlace(variable));
}

/** With quotes around values that have none: a blank needs them. */
function loosened(text: string, variable: GrubVariable): string {
  const value = grubValue(text, variable);
  if (!value || "why" in value) return text;
  const bare = value.assignments.filter(({ start, end }) => !/['"\\$]/.test(text.slice(start, end)));
  return applyEdits(
    text,
    bare.map(({ start, end }) => ({ start, end, text: `"${text.slice(start, end)}"` })),
  );
}

/** Without the assignments; comments and other variables stay. */
function restOf(text: string, variable: GrubVariable): string {
  const assignments = readScript(text).assignments.get(variable) ?? [];
  const cuts = assignments.map(({ start, end, append }) => {
    return { start: start - variable.length - (append ? 2 : 1), end, text: "" };
  });
  return essence(applyEdits(text, cuts).split("\n"));
}
