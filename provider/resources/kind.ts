import type { z } from "zod";
import type { Evidence } from "../core/acrn/evidence";
import type { Documents, FieldValue, Owner, Wish } from "../core/claims/types";
import type { Topology } from "../core/hardware/types";
import type { ActName } from "../core/plan/acts";
import type { Refusal } from "../core/plan/types";
import type { Snapshot } from "../core/snapshot";
import type { Alone } from "./alone";
import type { HostSettings } from "./host-settings";

/** What a resource sees of its machine: a snapshot, and the files as if the resource itself had never wished anything. */
export interface View {
  snapshot: Snapshot;
  /** Base view: this resource's own claims are withdrawn from the texts. */
  documents: Documents;
  /** What this resource held until now, by field id. */
  former: ReadonlyMap<string, FieldValue>;
  /** What fields that other resources hold would be without them, by field id. */
  beneath: ReadonlyMap<string, FieldValue>;
  /** Fields that others hold. */
  claimed: ReadonlySet<string>;
  /** Who holds a field in another stack, by field id. */
  foreign: ReadonlyMap<string, readonly Owner[]>;
  /** The board. Throws AcrnError when it cannot be read, so that only those who need it fail. */
  topology(): Topology;
  /** What the booted image was made from, and what runs: known or unknown, with the reason. */
  evidence: Evidence;
  /** Of which VM the machine is the operating system, and through which host it is reached; absent for a host. */
  guest?: HostSettings["guest"];
}

/** What a resource declares, as data. */
export interface Declared {
  wishes: Wish[];
  /** Outputs that are known before anything is written; they become inputs of the engine, so a preview knows them. */
  outputs: Record<string, unknown>;
  warnings: string[];
  refusals: Refusal[];
  /** Why this and nothing else; shown with the plan, not part of it. */
  reasons: string[];
  /** New files by path, with what they are made from: their diff shows what is different there. */
  madeFrom?: ReadonlyMap<string, string>;
}

/** One height of a field against the next: is what is written what runs? */
export interface Pending {
  field: string;
  state: "active" | "pending" | "unknown";
  written: string;
  /** What the booted image was made from. */
  built: string;
  running: string;
  /** Why we say so. No evidence is `unknown`, never `active`. */
  evidence: string;
  /** What has to be done until it runs; empty when it does, or when nobody can tell. */
  needs: { act: ActName; target: string }[];
}

/** One kind of resource: one file, pure, and everything that the lifecycle and the command line need to know of it. */
export interface ResourceKind<Args = unknown> {
  type: string;
  schema: z.ZodType<Args>;
  /** Two of these in one run for one machine are refused, because what they cut up is shared by nature. */
  onePerMachine: boolean;
  /** Planned on what all others of the run leave behind: the faces see to it that the engine calls it after them. */
  last?: true;
  /** Names of everything that `declare` puts out: unknown in a preview whose arguments are unknown. */
  outputs: readonly string[];
  /** Files of their own that a declaration reads or writes, by path on the machine. @throws AcrnError on a path that cannot be claimed */
  files?(args: Args): string[];
  /** Paths that a declaration looks at or writes as documents of other kinds (`documents`): a read that did not ask for them is made again. */
  reads?(args: Args): string[];
  /** Short texts of the running machine that it declares on, by name (`proc/sys/kernel/timer_migration`): one that is not there is no text of the snapshot. */
  texts?(args: Args): string[];
  /** Documents of other kinds (core/documents.ts), by id: what they are may hang on what the machine has. All that they read was looked for by then. */
  documents?(snapshot: Snapshot, args: Args): string[];
  /** Files that it writes whole and always the same, by path: a plan says what they are instead of every line, unless somebody changed them. */
  constant?: ReadonlyMap<string, { text: string | readonly string[]; what: string }>;
  /** What it has for itself: two of one run that name the same are refused, whatever their type. */
  alone?(args: Args): Alone[];
  declare(view: View, args: Args): Declared;
  /** Written against built against running for the fields that it holds, over the files as they are (or as a plan leaves them). */
  pending(view: View, documents: Documents, fields: readonly string[]): Pending[];
  /** Arguments and outputs as the machine has them now; what differs is what a refresh shows as drift. */
  observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown>;
  /** Rules that the files must hold after a withdrawal, given the claims that remain. */
  mayLeave?(before: Documents, after: Documents, remaining: readonly Wish[]): Refusal[];
  /** What a withdrawal leaves behind that people have to know, over the files as it leaves them; nothing of it is refused. */
  leaves?(after: Documents, topology: () => Topology, remaining: readonly Wish[]): string[];
}

/** Every path that the read behind a declaration has to have asked for. */
export function pathsOf<A>(kind: Pick<ResourceKind<A>, "files" | "reads">, args: A): string[] {
  return [...(kind.files?.(args) ?? []), ...(kind.reads?.(args) ?? [])];
}
