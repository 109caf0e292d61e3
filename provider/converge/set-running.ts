import type { Document } from "../core/claims/types";
import { limitsOf } from "../core/gpu/document";
import { type Possible, possibleLimits } from "../core/gpu/giving-back";
import { type Gpu, LIMITS, type Limits } from "../core/gpu/read";
import { gpuOfId, gpuWrites, limitPath } from "../core/gpu/writes";
import type { FieldEdit, LeftField } from "../core/plan/types";
import type { RunningValue } from "../core/running-value";
import type { Snapshot } from "../core/snapshot";
import { notTaken, setRunning, type Tried } from "../host/running";
import type { Target } from "../host/types";
import type { Planned } from "./plan-resource";
import { runningOf } from "./running";
import type { RunningSet } from "./running-set";

export interface Setting {
  /** @default all documents */
  only?: ReadonlySet<string>;
  progress?: ((phase: string) => void) | undefined;
}

/** The phase has to begin with "writing": from then on an error is not harmless (sdk/cli/carry-out.ts). */
const PHASE = "writing the limits of the GPU";

/**
 * Sets what the plan has for the running kernel; undefined: it has nothing. What was declared has to be taken. What goes back is given as near as
 * i915 takes it, and what it does not take is left and named: a withdrawal that fails would fail each time.
 * @throws AcrnError `running.refused`
 */
export async function setPlanned(
  target: Target,
  snapshot: Snapshot,
  planned: Planned,
  { only, progress }: Setting = {},
): Promise<RunningSet | undefined> {
  const jobs = runningOf(planned.plan)
    .filter(({ path }) => only?.has(path) ?? true)
    .flatMap(({ path, after }) => jobOf(snapshot, planned, path, limitsOf(after)) ?? []);
  if (jobs.length === 0) return undefined;
  progress?.(PHASE);
  const tried = await setRunning(
    target,
    jobs.flatMap(({ values }) => values),
  );
  const ends = jobs.flatMap((job) => job.edits.map((edit) => endOf(job, edit, tried)));
  const failed = ends.flatMap(({ failed }) => failed ?? []);
  if (failed.length > 0) throw notTaken(target.transport.label, failed, tried.words);
  return { edits: ends.flatMap(({ edit }) => edit ?? []), left: ends.flatMap(({ left }) => left ?? []) };
}

/** One GPU. */
interface Job extends Possible {
  gpu: Gpu;
  edits: FieldEdit[];
  values: RunningValue[];
}

function jobOf(snapshot: Snapshot, planned: Planned, path: string, wanted: Limits | undefined): Job | undefined {
  const id = idAt(planned.documents.values(), path);
  const gpu = id === undefined ? undefined : gpuOfId(snapshot, id);
  if (id === undefined || !gpu || !wanted) return undefined;
  const edits = planned.plan.edits.filter((edit) => edit.path === path);
  const given = new Set(edits.filter(({ why }) => why === "given back").map(limitOf));
  const possible = possibleLimits(wanted, given, gpu);
  return { gpu, edits, ...possible, values: gpuWrites(snapshot, id, possible.limits) };
}

interface End {
  edit?: FieldEdit;
  left?: LeftField;
  failed?: Tried["untaken"][number];
}

function endOf({ gpu, limits, why }: Job, edit: FieldEdit, { untaken, words }: Tried): End {
  const limit = limitOf(edit);
  const path = limitPath(gpu, limit);
  const not = untaken.find((each) => each.path === path);
  if (not && edit.why !== "given back") return { failed: not };
  const { field } = edit;
  if (not) {
    const said = words.filter((text) => text.startsWith(`${path} `)).map((text) => ` (${text.slice(path.length + 1)})`);
    const because = `it was ${edit.shown.after}, and i915 did not take ${not.value} MHz${said[0] ?? ""}`;
    return { left: { field, shown: not.now === undefined ? "(gone)" : `${not.now} MHz`, why: because } };
  }
  const instead = why.get(limit);
  if (instead === undefined) return { edit };
  const value = limits[limit];
  const shown = { ...edit.shown, after: `${value} MHz` };
  const left = { field, shown: shown.after, why: instead };
  return value === edit.before ? { left } : { left, edit: { ...edit, after: value, shown } };
}

function limitOf({ field }: FieldEdit): keyof Limits {
  const key = field.slice(field.indexOf(" ") + 1);
  return LIMITS.find((limit) => limit === key) as keyof Limits;
}

function idAt(documents: Iterable<Document>, path: string): string | undefined {
  return [...documents].find((document) => document.path === path)?.id;
}
