import { currentText, type Document, type Origin } from "../claims/types";
import { exactTextOf, type Snapshot } from "../snapshot";
import { RECORD_PATH } from "./evidence";
import { scenarioSurface } from "./scenario-surface";

/** The one home of the scenario source on a host; the packaged record is dpkg's and is never edited (design.md). */
export const SOURCE_PATH = "/var/lib/pulumi-acrn/scenario.xml";

/** First word of the field ids in it. */
export const SCENARIO = "scenario";

export interface ScenarioOrigin {
  /** Where the record of what was built lies. @default /usr/share/acrn/scenario.xml */
  record?: string;
  /** A file of the user's, read on the engine's side, that takes the record's place. */
  imported?: { label: string; text: string };
  sha256(text: string): string;
}

export function scenarioDocument(snapshot: Snapshot, options: ScenarioOrigin): Document {
  const origin = originOf(snapshot, options);
  const document: Document = {
    id: SCENARIO,
    path: SOURCE_PATH,
    surface: scenarioSurface,
    live: exactTextOf(snapshot, SOURCE_PATH),
  };
  return origin ? { ...document, origin } : document;
}

function originOf(snapshot: Snapshot, { record = RECORD_PATH, imported, sha256 }: ScenarioOrigin): Origin | undefined {
  if (imported) return { ...imported, sha256: sha256(imported.text), imported: true };
  const text = exactTextOf(snapshot, record);
  return text === undefined ? undefined : { label: record, text, sha256: sha256(text) };
}

/** For messages: the file that a field would be read from now. */
export function scenarioFile(document: Document): { text: string | undefined; file: string } {
  return {
    text: currentText(document),
    file: document.live === undefined ? (document.origin?.label ?? document.path) : document.path,
  };
}
