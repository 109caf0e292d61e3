import { scenarioFile } from "../core/acrn/scenario-document";
import type { Document, Documents } from "../core/claims/types";
import { AcrnError } from "../core/errors";

/**
 * The scenario that declarations are planned on: the source, else what it would be made from.
 * @throws AcrnError `scenario.missing`
 */
export function scenarioSource(documents: Documents): { text: string; file: string } {
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  if (text !== undefined) return { text, file };
  throw new AcrnError("scenario.missing", "the host has no scenario to read", {
    where: { file },
    hint: 'Install ACRN\'s Debian packages, or give the file: `scenario: { import: "<local file>" }` on the AcrnHost.',
  });
}
