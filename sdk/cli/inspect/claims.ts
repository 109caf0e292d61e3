import { createHash } from "node:crypto";
import { scenarioDocument } from "../../../provider/core/acrn/scenario-document";
import { LEDGER_PATH, parseLedger } from "../../../provider/core/claims/ledger";
import { winner, wishesOf } from "../../../provider/core/claims/owners";
import { same } from "../../../provider/core/claims/same";
import {
  currentText,
  type Document,
  type FieldValue,
  type Ledger,
  type Owner,
  type Reading,
  splitField,
} from "../../../provider/core/claims/types";
import { documentById, recordedDocuments } from "../../../provider/core/documents";
import { gpuDocuments } from "../../../provider/core/gpu/document";
import { type Snapshot, textOf } from "../../../provider/core/snapshot";
import type { HostSettings } from "../../../provider/resources/host-settings";

export interface ClaimedField {
  field: string;
  /** What this resource wishes, for people: `2-3`. */
  value: string;
  /** What it was before anybody claimed it; null while the field has no place yet. */
  baseline: string | null;
  /** What the file says now; null where it cannot be read. */
  live: string | null;
  /** `held`; `drifted`: somebody changed it; `superseded`: a later claim gives the value; `reserved`: it has no place yet. */
  state: "held" | "drifted" | "superseded" | "reserved" | "unreadable";
  remark: string;
}

export interface ClaimOwner {
  urn: string;
  type: string;
  id: string;
  fields: ClaimedField[];
}

export interface StackClaims {
  stack: string;
  owners: ClaimOwner[];
}

/**
 * The ledger beside the files, for looking into trouble: so it needs no board, no record and no merge of a new origin,
 * any of which may be the trouble.
 */
export function claimsOf(snapshot: Snapshot, settings: HostSettings): StackClaims[] {
  const ledger = parseLedger(textOf(snapshot, LEDGER_PATH));
  const record = settings.files?.record;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const scenario = scenarioDocument(snapshot, { sha256, ...(record ? { record } : {}) });
  const documents = new Map(
    [scenario, ...filesOf(snapshot, ledger), ...gpuDocuments(snapshot, ledger)].map((document) => [
      document.id,
      document,
    ]),
  );
  const all = Object.values(ledger.owners).sort((a, b) => a.sequence - b.sequence);
  const stacks = [...new Set(all.map((owner) => owner.stack))].sort();
  return stacks.map((stack) => ({
    stack,
    owners: all.filter((owner) => owner.stack === stack).map((owner) => ownerOf(owner, ledger, documents)),
  }));
}

/** A file that cannot be read leaves its fields unreadable, and the others as they are. */
function filesOf(snapshot: Snapshot, ledger: Ledger): Document[] {
  return recordedDocuments(ledger).flatMap((id) => {
    try {
      return documentById(id, snapshot) ?? [];
    } catch {
      return [];
    }
  });
}

function ownerOf({ id, urn, kind }: Owner, ledger: Ledger, documents: ReadonlyMap<string, Document>): ClaimOwner {
  const fields = [...wishesOf(ledger, id)].map(([field, value]) => fieldOf(field, value, id, ledger, documents));
  return { urn, type: kind, id, fields };
}

function fieldOf(
  field: string,
  value: FieldValue,
  id: string,
  ledger: Ledger,
  documents: ReadonlyMap<string, Document>,
): ClaimedField {
  const [name, key] = splitField(field);
  const document = documents.get(name);
  const show = (v: FieldValue | undefined) =>
    v === undefined || v === null ? "(absent)" : (document?.surface.show(v) ?? JSON.stringify(v));
  const { baseline } = ledger.fields[field] ?? {};
  const before = baseline ? show(baseline.kind === "value" ? baseline.value : undefined) : null;
  const row = { field, value: show(value), baseline: before };
  const reading = readingOf(document, key);
  if (typeof reading === "string") return { ...row, live: null, state: "unreadable", remark: reading };
  if (reading.kind === "no-place") return { ...row, live: null, state: "reserved", remark: `reserved: ${reading.why}` };
  const live = reading.kind === "value" ? reading.value : null;
  const top = winner(ledger, ledger.fields[field]);
  const shown = { ...row, live: show(live) };
  if (top && !same(live, top.value)) return { ...shown, state: "drifted", remark: "drifted: changed by somebody else" };
  if (top && top.owner.id !== id && !same(top.value, value))
    return { ...shown, state: "superseded", remark: `superseded by ${top.owner.urn}` };
  return { ...shown, state: "held", remark: "" };
}

/** A sentence where the file cannot be read. */
function readingOf(document: Document | undefined, key: string): Reading | string {
  const text = document && currentText(document);
  if (!document || text === undefined) return "the file is not there";
  try {
    return document.surface.read(text, document.path, key);
  } catch (error) {
    return (error as Error).message.split("\n")[0] ?? "";
  }
}
