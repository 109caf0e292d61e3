import { createHash } from "node:crypto";
import { parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { resolve } from "../../../provider/core/claims/resolve";
import type { Wish } from "../../../provider/core/claims/types";
import { documentById, recordedDocuments } from "../../../provider/core/documents";
import { lineId } from "../../../provider/core/kernel/document";
import { type BootPlace, findBootPlace, type KernelEvidence } from "../../../provider/core/kernel/loader";
import type { Snapshot } from "../../../provider/core/snapshot";
import { known } from "../../../provider/core/tuning/fact";
import { ofKind, settle } from "../../../provider/core/tuning/profiles/settle";
import { machine } from "./machines";

/** A machine's files, which claims change by the ids of their documents; the ledger goes through its text. */
export class Tree {
  readonly files: Map<string, string>;
  #ledger: string | undefined;

  constructor(files: Readonly<Record<string, string>>) {
    this.files = new Map(Object.entries(files));
  }

  evidence(rest: Partial<KernelEvidence> = {}): KernelEvidence {
    return machine(Object.fromEntries(this.files), rest);
  }

  place(): BootPlace {
    const found = findBootPlace(this.evidence());
    if (!found.known) throw new Error(found.why);
    return found;
  }

  /** The line that boots, in the place that was found now. */
  line(): string {
    const place = this.place();
    return lineId(place, place.file as string);
  }

  /** What one owner wishes, or its withdrawal. @returns paths that were written */
  claim(urn: string, wishes: readonly Wish[] | undefined): string[] {
    const before = parseLedger(this.#ledger);
    const ids = [...recordedDocuments(before), ...(wishes ?? []).map(({ field }) => field.split(" ")[0] as string)];
    const snapshot = this.#snapshot();
    const documents = new Map(
      ids.flatMap((id) => {
        const document = documentById(id, snapshot);
        return document ? [[id, document] as const] : [];
      }),
    );
    const who = { stack: "s", kind: "GuestKernelTuning", urns: [urn] };
    const { plan, ledger } = resolve(documents, before, { who, wishes, id: urn });
    for (const { path, after } of plan.files)
      if (after === undefined) this.files.delete(path);
      else this.files.set(path, after);
    this.#ledger = serialiseLedger(ledger);
    return plan.files.map(({ path }) => path);
  }

  get claimed(): boolean {
    return this.#ledger !== undefined;
  }

  /** Everything that is there, for comparing before and after. */
  image(): string {
    return JSON.stringify([...this.files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #snapshot(): Snapshot {
    const files = new Map(
      [...this.files].map(([path, text]) => {
        const bytes = Buffer.from(text);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        return [path, { path, kind: "file", bytes, sha256, realPath: path, mtime: 1, strategy: { how: "rename" } }];
      }),
    ) as Snapshot["files"];
    return { identity: {}, kind: "live", files, texts: new Map(), commands: new Set(), warnings: [] };
  }
}

/** Parameters as wishes on a line. */
export function wishesOn(line: string, params: Readonly<Record<string, Wish["value"]>>): Wish[] {
  return Object.entries(params).map(([key, value]) => ({ field: `${line} param[${key}]`, value }));
}

/** The kernel arguments of a profile, for a guest whose CPUs 2 and 3 are real-time. */
export function argumentsOf(profile: string): Record<string, string | true> {
  const none = known(new Set<string>());
  const settled = settle(
    { profile },
    { rt: [2, 3], housekeeping: [0, 1] },
    { sysctls: none, units: none, knobs: none },
  );
  return Object.fromEntries(ofKind(settled, "kernelArg").map(({ key, value }) => [key, value as string | true]));
}
