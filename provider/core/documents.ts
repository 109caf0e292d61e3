import { fileDocument, pathOfFile } from "./acrn/file-document";
import { type Document, type Ledger, splitField } from "./claims/types";
import { lineDocument, pathOfLine } from "./kernel/document";
import { exactTextOf, type Snapshot } from "./snapshot";
import { pathOfUnit, unitDocument, unitOfId } from "./tuning/services/surface";
import { SYSCTL, SYSCTL_FRAGMENT, sysctlDocument } from "./tuning/sysctl/fragment";

/** One way to look at a file, told by the first word of its field ids. */
interface Kind {
  path(id: string): string | undefined;
  make(id: string, path: string, snapshot: Snapshot): Document | undefined;
}

/** A new kind of file is a row here. */
const KINDS: readonly Kind[] = [
  { path: pathOfFile, make: (_id, path, snapshot) => fileDocument(path, snapshot) },
  { path: pathOfLine, make: (id, path, snapshot) => lineDocument(id, exactTextOf(snapshot, path)) },
  { path: pathOfUnit, make: (id, path, snapshot) => unitDocument(unitOfId(id) as string, exactTextOf(snapshot, path)) },
  {
    path: (id) => (id === SYSCTL ? SYSCTL_FRAGMENT : undefined),
    make: (_id, path, snapshot) => sysctlDocument(exactTextOf(snapshot, path)),
  },
];

/** Where the file of a document lies; undefined: the document is no file of its own (the scenario source), or of a newer version. */
export function pathOfDocument(id: string): string | undefined {
  for (const { path } of KINDS) {
    const found = path(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws AcrnError where the file is there and cannot be read */
export function documentById(id: string, snapshot: Snapshot): Document | undefined {
  for (const { path, make } of KINDS) {
    const found = path(id);
    if (found !== undefined) return make(id, found, snapshot);
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
