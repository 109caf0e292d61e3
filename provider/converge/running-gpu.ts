import { limitsOf } from "../core/gpu/document";
import { type Possible, possibleLimits } from "../core/gpu/giving-back";
import { type Gpu, LIMITS, type Limits } from "../core/gpu/read";
import { gpuOfId, gpuWrites, limitPath } from "../core/gpu/writes";
import type { FieldEdit, FilePlan } from "../core/plan/types";
import type { Snapshot } from "../core/snapshot";
import type { Tried } from "../host/running";
import { type End, type RunningJob, wordsOf } from "./running-job";

/** One GPU's limits; undefined: i915 does not drive it now. What goes back is given as near as i915 takes it. */
export function gpuJob(
  snapshot: Snapshot,
  id: string,
  { after }: FilePlan,
  edits: readonly FieldEdit[],
): RunningJob | undefined {
  const gpu = gpuOfId(snapshot, id);
  const wanted = limitsOf(after);
  if (!gpu || !wanted) return undefined;
  const given = new Set(edits.filter(({ why }) => why === "given back").map(limitOf));
  const possible = possibleLimits(wanted, given, gpu);
  return {
    values: gpuWrites(snapshot, id, possible.limits),
    ends: (tried) => edits.map((edit) => endOf(gpu, possible, edit, tried)),
  };
}

function endOf(gpu: Gpu, { limits, why }: Possible, edit: FieldEdit, tried: Tried): End {
  const limit = limitOf(edit);
  const path = limitPath(gpu, limit);
  const not = tried.untaken.find((each) => each.path === path);
  if (not && edit.why !== "given back") return { failed: not };
  const { field } = edit;
  if (not) {
    const because = `it was ${edit.shown.after}, and i915 did not take ${not.value} MHz${wordsOf(tried, path)}`;
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
