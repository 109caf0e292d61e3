import { AcrnError } from "../../../provider/core/errors";
import { placeAt } from "../../../provider/core/text/place";

/** A declaration names a handful of resources; the cells of a plant have a file each. */
const LARGEST = 64 * 1024;
const DEEPEST = 64;

/**
 * Refuses what the YAML reader should not be given. It descends by recursion, and near the end of the stack V8 may end the whole
 * process where a regular expression is compiled, so catching a RangeError is not enough; and its check for keys that
 * come twice takes the square of their number.
 */
export function checkLimits(text: string, file: string): void {
  if (text.length > LARGEST) throw tooMuch(`it has more than ${LARGEST / 1024} Ki characters`, text, LARGEST, file);
  const at = tooDeep(text);
  if (at !== undefined) throw tooMuch(`it is nested more than ${DEEPEST} levels deep`, text, at, file);
}

/** Brackets that are open at once, quoted or not, and block indicators in a row: `- - - a` (YAML 1.2.2, 8.2). */
function tooDeep(text: string): number | undefined {
  let open = 0;
  for (const { 0: mark, index } of text.matchAll(/[[{\]}]/g)) {
    open = Math.max(0, open + (mark === "[" || mark === "{" ? 1 : -1));
    if (open > DEEPEST) return index;
  }
  return new RegExp(`(?:[-?:][ \\t]+){${DEEPEST + 1}}`).exec(text)?.index;
}

function tooMuch(what: string, text: string, at: number, file: string): AcrnError {
  return new AcrnError("declared.syntax", what, {
    where: placeAt(text, at, file),
    hint: "Divide it into several declarations, one a machine.",
  });
}
