import { fileId } from "../../core/acrn/file-document";
import { isDefault } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES, WANTED_PATH } from "../../core/acrn/image/paths";
import type { PowerImage } from "../../core/acrn/power/steps";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { currentText, type Document } from "../../core/claims/types";
import { textOf } from "../../core/snapshot";
import { wantedIn } from "../../resources/hypervisor-image/pending";
import type { Draft } from "../draft";

/** The image that a claim wants and that does not run, or is not the default yet. */
export function wantedImage(draft: Draft): PowerImage | undefined {
  const document = draft.documents.get(fileId(WANTED_PATH));
  const text = document && currentText(document);
  if (!text) return undefined;
  const wanted = wantedIn(text);
  if (!wanted) return undefined;
  const { id, keep } = wanted;
  const running = bootedImage(draft.snapshot.texts.get("proc/cmdline") ?? "") === id;
  return running && isDefault(draft.snapshot, id) ? undefined : { id, keep, boots: !running };
}

/** The draft in front of a boot into that image. One that is built in this run has the scenario source as the run leaves it. */
export function comingWith(draft: Draft, { id }: PowerImage): Draft {
  const source = scenarioFile(draft.documents.get("scenario") as Document).text;
  const scenario = textOf(draft.snapshot, `${IMAGES}/${id}/scenario.xml`) ?? source;
  return scenario === undefined ? draft : { ...draft, comes: { id, scenario } };
}
