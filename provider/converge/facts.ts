import { RECORD_PATH } from "../core/acrn/evidence";
import { factsOf, type HostFacts } from "../core/acrn/facts";
import { readScenario } from "../core/acrn/scenario";
import { AcrnError } from "../core/errors";
import { textOf } from "../core/snapshot";
import type { Draft } from "./draft";

/** The facts of a draft. The VMs are those of the record, so that converging changes no fact. */
export function factsFrom(draft: Draft): HostFacts {
  const path = draft.settings.files?.record ?? RECORD_PATH;
  const text = textOf(draft.snapshot, path);
  return factsOf({
    snapshot: draft.snapshot,
    evidence: draft.evidence,
    topology: draft.topology,
    record: () => {
      if (text === undefined) throw new AcrnError("record.missing", `there is no record of what was built at ${path}`);
      return readScenario(text, path);
    },
  });
}
