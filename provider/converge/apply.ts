import { LEDGER_PATH, serialiseLedger } from "../core/claims/ledger";
import { AcrnError } from "../core/errors";
import { compact } from "../core/plan/render-compact";
import { machineKey, type Snapshot } from "../core/snapshot";
import type { FileChange } from "../host/types";
import type { Draft } from "./draft";
import { draftOf } from "./draft";
import type { Machine } from "./machine";
import { owedChange, payOwed } from "./owed";
import { type Planned, refuse } from "./plan-resource";
import { holdsRunning, isRunning, onlyGivenBack } from "./running";
import { STAGES, within } from "./running-errors";
import { agreedAfter, type RunningSet, withRunning } from "./running-set";
import { setPlanned } from "./set-running";

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
  let { agreed } = task;
  const decide = (fresh: Snapshot): FileChange[] => {
    rightMachine(fresh, task.machine);
    planned = task.plan(draftOf(fresh, machine.settings, task.following));
    refuse(planned.refusals);
    agreedOn(planned, agreed);
    return changesOf(fresh, planned);
  };
  const returned = await returnRunning(machine, task);
  agreed = agreedAfter(task, returned);
  const transact = () => machine.transact(decide, task.progress);
  const result = await (returned ? within(STAGES.returned, transact) : transact());
  if (!planned) throw new Error("the transaction ended without a decision");
  const paid = await payOwed(machine, result.after, task.progress);
  const { set, snapshot } = await setAndRead(machine, task, planned, paid);
  const changed = result.changed || set !== undefined || paid !== result.after;
  if (changed) verify(task.plan(draftOf(snapshot, machine.settings, task.following)));
  return { planned: withRunning(planned, returned, set), snapshot, changed: changed || returned !== undefined };
}

/** Behind the transaction: what runs, and the read that proves it. */
async function setAndRead(machine: Machine, { progress }: Task, planned: Planned, after: Snapshot) {
  return within(STAGES.setting, async () => {
    const set = await setPlanned(machine.target(), after, planned, { progress });
    if (!set) return { set, snapshot: after };
    machine.forget();
    return { set, snapshot: await machine.read() };
  });
}

/** Values of the running kernel go back while the ledger still has what they were: see running.ts. Returns what went back. */
async function returnRunning(machine: Machine, task: Task): Promise<RunningSet | undefined> {
  const before = await machine.read();
  if (!holdsRunning(before) || !mayReturn(before, machine, task)) return undefined;
  machine.forget();
  const fresh = await machine.read();
  rightMachine(fresh, task.machine);
  const planned = task.plan(draftOf(fresh, machine.settings, task.following));
  const only = onlyGivenBack(planned);
  if (only.size === 0) return undefined;
  refuse(planned.refusals);
  agreedOn(planned, task.agreed);
  const { progress } = task;
  const set = await within(STAGES.returning, () => setPlanned(machine.target(), fresh, planned, { only, progress }));
  machine.forget();
  return set;
}

/** By the read that is there already: most plans of a machine have nothing to do with its GPU, and need no other one for that. */
function mayReturn(before: Snapshot, machine: Machine, task: Task): boolean {
  try {
    return onlyGivenBack(task.plan(draftOf(before, machine.settings, task.following))).size > 0;
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
  for (const owed of owedChange(fresh, planned.plan)) changes.push({ ...change(fresh, owed.path, undefined), ...owed });
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
