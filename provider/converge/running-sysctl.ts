import type { FieldEdit, FilePlan } from "../core/plan/types";
import { nameOfRunningSysctl, runningSysctlText } from "../core/tuning/sysctl/running";
import type { Tried } from "../host/running";
import { type End, type RunningJob, wordsOf } from "./running-job";

/** One sysctl; undefined: it has no value now. What was there before goes back with its white space. */
export function sysctlJob(id: string, { path, after }: FilePlan, edits: readonly FieldEdit[]): RunningJob | undefined {
  const value = runningSysctlText(after);
  if (value === undefined) return undefined;
  return { values: [{ path, value }], ends: (tried) => edits.map((edit) => endOf(id, path, edit, tried)) };
}

function endOf(id: string, path: string, edit: FieldEdit, tried: Tried): End {
  const not = tried.untaken.find((each) => each.path === path);
  if (!not) return { edit };
  if (edit.why !== "given back") return { failed: { ...not, name: nameOfRunningSysctl(id) ?? path } };
  const why = `it was ${edit.shown.after}, and the kernel did not take that${wordsOf(tried, path)}`;
  return { left: { field: edit.field, shown: not.now ?? "(gone)", why } };
}
