import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { readBoard } from "../core/acrn/board";
import { BOARD_PATH, type Evidence, evidenceOf } from "../core/acrn/evidence";
import { SCENARIO, scenarioDocument } from "../core/acrn/scenario-document";
import { scenarioConflicts } from "../core/acrn/scenario-surface";
import { followOrigin } from "../core/claims/follow";
import { LEDGER_PATH, parseLedger } from "../core/claims/ledger";
import { checkRecorded } from "../core/claims/recorded";
import type { Document, Documents, Ledger } from "../core/claims/types";
import { documentById, recordedDocuments } from "../core/documents";
import { AcrnError } from "../core/errors";
import { gpuDocuments } from "../core/gpu/document";
import type { Topology } from "../core/hardware/types";
import { exactTextOf, type Snapshot } from "../core/snapshot";
import { decodeUtf8 } from "../core/text/utf8";
import type { HostSettings } from "../resources/host-settings";

/** A snapshot as the planner sees it: its files as documents, its ledger, and what its origins brought since. */
export interface Draft {
  snapshot: Snapshot;
  settings: HostSettings;
  /** As the machine has them. */
  live: Documents;
  /** With a new origin followed; the same as `live` when there is none. */
  documents: Documents;
  ledger: Ledger;
  /** As the machine has it; `ledger` differs from it only where a new origin was followed. */
  recorded: Ledger;
  notes: readonly string[];
  topology(): Topology;
  evidence: Evidence;
  /** An image of ours that an Activation of this run boots: what the machine runs behind it. */
  comes?: { id: string; scenario: string };
}

/**
 * @param following false for what only gives back: it takes the origin that the ledger knows. Then neither a conflict with
 * a new origin nor an import that is gone from the program's folder stands in the way of a destroy.
 */
export function draftOf(snapshot: Snapshot, settings: HostSettings, following = true): Draft {
  const record = settings.files?.record;
  const ledgerText = exactTextOf(snapshot, LEDGER_PATH);
  const recorded = parseLedger(ledgerText);
  const document = documentOf(snapshot, settings, following ? undefined : recorded);
  const claimed = recordedDocuments(recorded).flatMap((id) => documentById(id, snapshot) ?? []);
  const live = new Map([document, ...claimed, ...gpuDocuments(snapshot, recorded)].map((each) => [each.id, each]));
  checkRecorded(recorded, live, ledgerText);
  const { document: followed, ledger, note } = followOrigin(document, recorded, scenarioConflicts);
  let topology: Topology | undefined;
  return {
    snapshot,
    settings,
    live,
    documents: new Map(live).set(followed.id, followed),
    ledger,
    recorded: note ? recorded : ledger,
    notes: note ? [note] : [],
    topology: () => (topology ??= boardOf(snapshot, settings.files?.board ?? BOARD_PATH)),
    evidence: evidenceOf(snapshot, record),
  };
}

/** The draft with documents that a declaration names and that nobody has claimed yet. */
export function withDocuments(draft: Draft, ids: readonly string[]): Draft {
  const fresh = ids.filter((id) => !draft.documents.has(id));
  if (fresh.length === 0) return draft;
  const more = fresh.flatMap((id) => documentById(id, draft.snapshot) ?? []).map((each) => [each.id, each] as const);
  return {
    ...draft,
    live: new Map([...draft.live, ...more]),
    documents: new Map([...draft.documents, ...more]),
  };
}

function documentOf(snapshot: Snapshot, { files, scenario }: HostSettings, known?: Ledger): Document {
  const options = {
    ...(files?.record ? { record: files.record } : {}),
    sha256: (text: string) => createHash("sha256").update(text).digest("hex"),
  };
  const alone = scenarioDocument(snapshot, options);
  const origin = known && (known.documents[SCENARIO]?.origin ?? alone.origin);
  if (origin) return { ...alone, origin };
  return scenario ? scenarioDocument(snapshot, { ...options, imported: importedText(scenario.import) }) : alone;
}

function importedText(file: string): { label: string; text: string } {
  try {
    return { label: file, text: decodeUtf8(readFileSync(resolvePath(file)), file) };
  } catch (cause) {
    if (cause instanceof AcrnError) throw cause;
    throw new AcrnError("scenario.import", `the scenario to import cannot be read: ${(cause as Error).message}`, {
      property: "scenario.import",
      hint: "The path is taken from the folder of the Pulumi program.",
      cause,
    });
  }
}

function boardOf(snapshot: Snapshot, path: string): Topology {
  const text = exactTextOf(snapshot, path);
  if (text === undefined)
    throw new AcrnError("board.missing", "there is no board file to tell the CPUs and caches from", {
      where: { file: path },
      hint: 'Install ACRN\'s Debian packages, or say where the file lies on the host: `files: { board: "<path>" }`.',
    });
  return readBoard(text, path);
}
