import { fileDocument, pathOfFile } from "./acrn/file-document";
import { type Document, type Ledger, splitField } from "./claims/types";
import { lineDocument, pathOfLine } from "./kernel/document";
import { pathOfTrial, trialDocument } from "./kernel/trial";
import { exactTextOf, type Snapshot } from "./snapshot";
import { pathOfUnit, unitDocument, unitOfId, unitText } from "./tuning/services/surface";
import { SYSCTL, SYSCTL_FRAGMENT, sysctlDocument } from "./tuning/sysctl/fragment";
import { pathOfRunningSysctl, runningSysctlDocument, textNameOf } from "./tuning/sysctl/running";

/** One way to look at a file, told by the first word of its field ids. */
interface Kind {
  path(id: string): string | undefined;
  /** What it says comes as a text of the read (`Snapshot.texts`), of this name: no file is to be read for it. */
  text?(id: string): string | undefined;
  make(id: string, path: string, snapshot: Snapshot): Document | undefined;
}

/** A new kind of file is a row here. */
const KINDS: readonly Kind[] = [
  { path: pathOfFile, make: (_id, path, snapshot) => fileDocument(path, snapshot) },
  { path: pathOfLine, make: (id, path, snapshot) => lineDocument(id, exactTextOf(snapshot, path)) },
  { path: pathOfUnit, make: (id, path, snapshot) => unitDocument(unitOfId(id) as string, unitText(snapshot, path)) },
  { path: pathOfTrial, make: (id, path, snapshot) => trialDocument(id, exactTextOf(snapshot, path)) },
  {
    path: (id) => (id === SYSCTL ? SYSCTL_FRAGMENT : undefined),
    make: (_id, path, snapshot) => sysctlDocument(exactTextOf(snapshot, path)),
  },
  { path: pathOfRunningSysctl, text: textNameOf, make: (id, _path, snapshot) => runningSysctlDocument(id, snapshot) },
];

/** Where the file of a document lies; undefined: the document is no file of its own (the scenario source), or of a newer version. */
export function pathOfDocument(id: string): string | undefined {
  const found = kindOf(id);
  return found?.kind.text ? undefined : found?.path;
}

/** @throws AcrnError where the file is there and cannot be read */
export function documentById(id: string, snapshot: Snapshot): Document | undefined {
  const found = kindOf(id);
  return found?.kind.make(id, found.path, snapshot);
}

function kindOf(id: string): { kind: Kind; path: string } | undefined {
  for (const kind of KINDS) {
    const path = kind.path(id);
    if (path !== undefined) return { kind, path };
  }
  return undefined;
}

/** Every document that the ledger knows, by id. */
export function recordedDocuments({ documents, fields }: Ledger): string[] {
  return [...new Set([...Object.keys(documents), ...Object.keys(fields).map((field) => splitField(field)[0])])];
}

/** Paths of files of their own that the ledger knows. */
export function claimedFiles(ledger: Ledger): string[] {
  return [...new Set(recordedDocuments(ledger).flatMap((id) => pathOfDocument(id) ?? []))];
}

/** Names of texts of the read that documents of the ledger are made of. */
export function claimedTexts(ledger: Ledger): string[] {
  return [...new Set(recordedDocuments(ledger).flatMap((id) => kindOf(id)?.kind.text?.(id) ?? []))];
}
