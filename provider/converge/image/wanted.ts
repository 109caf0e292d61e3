import { fileId } from "../../core/acrn/file-document";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES, PROMOTED_PATH, WANTED_PATH } from "../../core/acrn/image/paths";
import { readPromoted } from "../../core/acrn/image/promoted";
import { readWanted } from "../../core/acrn/image/wanted";
import type { PowerImage } from "../../core/acrn/power/steps";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { currentText, type Document } from "../../core/claims/types";
import { textOf } from "../../core/snapshot";
import type { Draft } from "../draft";

/** The image that a claim wants and that does not run, or is not the default yet. */
export function wantedImage(draft: Draft): PowerImage | undefined {
  const document = draft.documents.get(fileId(WANTED_PATH));
  const text = document && currentText(document);
  if (!text) return undefined;
  const { id, keep } = readWanted(text);
  const running = bootedImage(draft.snapshot.texts.get("proc/cmdline") ?? "") === id;
  const promoted = readPromoted(textOf(draft.snapshot, PROMOTED_PATH))?.id === id;
  return running && promoted ? undefined : { id, keep, boots: !running };
}

/** The draft in front of a boot into that image. One that is built in this run has the scenario source as the run leaves it. */
export function comingWith(draft: Draft, { id }: PowerImage): Draft {
  const source = scenarioFile(draft.documents.get("scenario") as Document).text;
  const scenario = textOf(draft.snapshot, `${IMAGES}/${id}/scenario.xml`) ?? source;
  return scenario === undefined ? draft : { ...draft, comes: { id, scenario } };
}
