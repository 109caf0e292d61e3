import { launchedOn } from "../../core/acrn/launched-on";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import type { Document } from "../../core/claims/types";
import type { Draft } from "../draft";

/** VMs whose acrn-dm was given one of these pCPUs. */
export function runningOn(draft: Draft, pcpus: readonly number[]): string[] {
  const { running } = draft.evidence;
  if (!running.known) return [];
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  const dialect = text === undefined ? undefined : readScenario(text, file).dialect;
  return running.vms.flatMap(({ name, args }) => {
    const own = launchedOn(args, dialect, draft.topology());
    return own?.some((id) => pcpus.includes(id)) ? [name] : [];
  });
}
