import { LEDGER_PATH, serialiseLedger } from "../core/claims/ledger";
import { AcrnError } from "../core/errors";
import { compact } from "../core/plan/render-compact";
import type { FieldEdit } from "../core/plan/types";
import { machineKey, type Snapshot } from "../core/snapshot";
import type { FileChange } from "../host/types";
import type { Draft } from "./draft";
import { draftOf } from "./draft";
import type { Machine } from "./machine";
import { type Planned, refuse } from "./plan-resource";
import { holdsRunning, isRunning, onlyGivesBack, setPlanned } from "./running";

/** One change of one machine, from the read under the lock to the read that proves it. */
export interface Task {
  /** Plans against a draft; called again on the fresh read, and once more to verify. */
  plan(draft: Draft): Planned;
  /** The lines that were reviewed; undefined when nothing was shown before (AcrnHost, withdrawals). */
  agreed?: readonly string[] | undefined;
  /** The machine that is meant: another one at the same address is never written to. */
  machine?: string | undefined;
  /** False: nothing but giving back, see draftOf. @default true */
  following?: boolean;
  progress?: (phase: string) => void;
}

export interface Applied {
  planned: Planned;
  /** The machine after the commit. */
  snapshot: Snapshot;
  changed: boolean;
}

export async function apply(machine: Machine, task: Task): Promise<Applied> {
  let planned: Planned | undefined;
  const decide = (fresh: Snapshot): FileChange[] => {
    rightMachine(fresh, task.machine);
    planned = task.plan(draftOf(fresh, machine.settings, task.following));
    refuse(planned.refusals);
    agreedOn(planned, task.agreed);
    return changesOf(fresh, planned);
  };
  const returned = await returnRunning(machine, task);
  const result = await machine.transact(decide, task.progress);
  if (!planned) throw new Error("the transaction ended without a decision");
  const set = await setPlanned(machine.target(), result.after, planned);
  if (set) machine.forget();
  const snapshot = set ? await machine.read() : result.after;
  const changed = result.changed || set;
  if (changed) verify(task.plan(draftOf(snapshot, machine.settings, task.following)));
  const { plan } = planned;
  const all = { ...planned, plan: { ...plan, edits: [...returned, ...plan.edits] } };
  return { planned: all, snapshot, changed: changed || returned.length > 0 };
}

/** Values of the running kernel go back while the ledger still has what they were: see running.ts. Returns what went back. */
async function returnRunning(machine: Machine, task: Task): Promise<FieldEdit[]> {
  const before = await machine.read();
  if (!holdsRunning(before) || !mayReturn(before, machine, task)) return [];
  machine.forget();
  const fresh = await machine.read();
  rightMachine(fresh, task.machine);
  const planned = task.plan(draftOf(fresh, machine.settings, task.following));
  if (!onlyGivesBack(planned)) return [];
  refuse(planned.refusals);
  agreedOn(planned, task.agreed);
  await setPlanned(machine.target(), fresh, planned);
  machine.forget();
  return planned.plan.edits.filter(isRunning);
}

/** By the read that is there already: most plans of a machine have nothing to do with its GPU, and need no other one for that. */
function mayReturn(before: Snapshot, machine: Machine, task: Task): boolean {
  try {
    return onlyGivesBack(task.plan(draftOf(before, machine.settings, task.following)));
  } catch {
    return false; // the fresh read tells whether that is still so
  }
}

/** Another machine at the same address is never written to. */
export function rightMachine(fresh: Snapshot, expected: string | undefined): void {
  const found = machineKey(fresh.identity);
  if (expected === undefined || found === expected) return;
  throw new AcrnError("machine.other", "another machine answers at this address than the one that was planned for", {
    hint: `Expected ${expected}, found ${found ?? "one without a machine-id"}. Nothing was changed. Run the preview again.`,
  });
}

/**
 * Everything that is still to do must have been shown; what is done already (a lost answer, a twin, another stack that
 * wrote the same meanwhile) needs no consent: then the edit that was shown has become a mere claim.
 */
export function agreedOn({ plan }: Planned, agreed: readonly string[] | undefined): void {
  if (!agreed) return;
  const lines = compact({ ...plan, claims: [] });
  const unseen = lines.filter((line) => !agreed.includes(line));
  if (unseen.length === 0) return;
  throw new AcrnError("plan.changed", "the host changed after the plan was made; this was not in it:", {
    hint: `${unseen.map((line) => `  ${line}`).join("\n")}\nNothing was changed. Run the preview again and look at the new plan.`,
  });
}

function changesOf(fresh: Snapshot, planned: Planned): FileChange[] {
  const changes = planned.plan.files
    .filter((f) => f.before !== f.after && !isRunning(f))
    .map((f) => ({ ...change(fresh, f.path, f.after), ...(f.mode === undefined ? {} : { mode: f.mode }) }));
  const ledger = serialiseLedger(planned.ledger);
  // Where all is given back, the ledger holds the way back until the last file is.
  const { edits } = planned.plan;
  const last = edits.length > 0 && edits.every((edit) => edit.why === "given back");
  if (ledger !== currentLedger(fresh)) changes.push({ ...change(fresh, LEDGER_PATH, ledger), mode: "0600", last });
  return changes;
}

function currentLedger(fresh: Snapshot): string | undefined {
  const bytes = fresh.files.get(LEDGER_PATH)?.bytes;
  return bytes && Buffer.from(bytes).toString("utf8");
}

function change(fresh: Snapshot, path: string, after: string | undefined): FileChange {
  const file = fresh.files.get(path);
  return {
    path,
    before: file?.kind === "file" && file.sha256 ? file.sha256 : "absent",
    after: after === undefined ? null : Buffer.from(after, "utf8"),
  };
}

function verify(again: Planned): void {
  const open = again.plan.edits;
  if (open.length === 0) return;
  throw new AcrnError("verify", `written, but the host reads otherwise: ${open.map((e) => e.field).join(", ")}`, {
    hint: `Somebody wrote at the same time. The host has ${open.map((e) => `${e.field} = ${e.shown.before}`).join("; ")}. Run again.`,
  });
}
