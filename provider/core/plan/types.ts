import type { FieldValue } from "../claims/types";
import type { Act } from "./acts";

/**
 * What one resource would change on one machine. Data: made by the planner, rendered for people, applied by host/.
 * Its preconditions are in it: every edit's `before`, every file's `before` and way of writing (a note); they are
 * compared with the fresh read under the lock before anything is written (converge/apply.ts).
 */
export interface Plan {
  /** Changes of fields, ascending by field. */
  edits: FieldEdit[];
  /** Changes of the ledger alone: a claim taken or given up whose field keeps its value. */
  claims: ClaimNote[];
  /** Fields that somebody else changed meanwhile and that are therefore left as they are. */
  left: LeftField[];
  /** The files as they are and as they would be. The ledger is not among them. */
  files: FilePlan[];
  /** What it takes until what is written runs. Named, not done. */
  acts: Act[];
  /** What happens to whole files and why: `scenario source is made from /usr/share/acrn/scenario.xml`. */
  notes: string[];
}

export interface FieldEdit {
  field: string;
  path: string;
  before: FieldValue | undefined;
  after: FieldValue | undefined;
  /** For people, by the surface: `0-1`; `(absent)`. */
  shown: { before: string; after: string };
  /** `declared`: a wish. `given back`: the baseline or another claim returns. */
  why: "declared" | "given back";
}

export interface ClaimNote {
  field: string;
  /** `claims`: the field already has the value. `reserves`: the field has no place yet. `releases`: the wish is gone, the value stays. */
  what: "claims" | "reserves" | "releases";
  shown: string;
}

export interface LeftField {
  field: string;
  shown: string;
  why: string;
}

export interface FilePlan {
  path: string;
  /** Undefined: the file is not there. */
  before: string | undefined;
  after: string | undefined;
  /** Octal permission bits of a file that is not there yet. @default "0644" */
  mode?: string;
  /** What a file that is not there yet is compared with, so that the first diff shows the edits alone. */
  origin?: { label: string; text: string };
  /** Said in place of its diff: a text of ours that is always the same comes or goes whole. */
  about?: string;
}

/** A rule that says no. Every one names what to do. */
export interface Refusal {
  /** `T15`, or another tip or rule id. */
  tip: string;
  code: string;
  /** Argument at fault: `vms.POST_RT_VM1`. */
  property: string;
  message: string;
  hint: string;
}

export const emptyPlan = (): Plan => ({ edits: [], claims: [], left: [], files: [], acts: [], notes: [] });

/** Nothing to write. Acts alone are no change: what is written and not running is pending, not drift. */
export function isEmpty(plan: Plan): boolean {
  return plan.edits.length === 0 && plan.claims.length === 0 && plan.files.every((f) => f.before === f.after);
}
