import { addressOfId } from "../core/gpu/document";
import type { FilePlan } from "../core/plan/types";
import type { RunningValue } from "../core/running-value";
import type { Snapshot } from "../core/snapshot";
import { nameOfRunningSysctl } from "../core/tuning/sysctl/running";
import { notTaken, setRunning } from "../host/running";
import type { Target } from "../host/types";
import type { Planned } from "./plan-resource";
import { runningOf } from "./running";
import { gpuJob } from "./running-gpu";
import type { RunningJob } from "./running-job";
import type { RunningSet } from "./running-set";
import { sysctlJob } from "./running-sysctl";

export interface Setting {
  /** @default all documents */
  only?: ReadonlySet<string>;
  progress?: ((phase: string) => void) | undefined;
}

/** The phase has to begin with "writing": from then on an error is not harmless (sdk/cli/carry-out.ts). */
const PHASE = "writing values of the running kernel";

/**
 * Sets what the plan has for the running kernel; undefined: it has nothing. What was declared has to be taken. What goes back is given as near as
 * the kernel takes it, and what it does not take is left and named: a withdrawal that fails would fail each time.
 * @throws AcrnError `running.refused`
 */
export async function setPlanned(
  target: Target,
  snapshot: Snapshot,
  planned: Planned,
  { only, progress }: Setting = {},
): Promise<RunningSet | undefined> {
  const files = runningOf(planned.plan).filter(({ path }) => only?.has(path) ?? true);
  const jobs = files.flatMap((file) => jobOf(snapshot, planned, file) ?? []);
  if (jobs.length === 0) return undefined;
  progress?.(PHASE);
  const tried = await setRunning(target, valuesOf(jobs));
  const ends = jobs.flatMap((job) => job.ends(tried));
  const failed = ends.flatMap(({ failed }) => failed ?? []);
  if (failed.length > 0) throw notTaken(target.transport.label, failed, tried.words);
  return { edits: ends.flatMap(({ edit }) => edit ?? []), left: ends.flatMap(({ left }) => left ?? []) };
}

function jobOf(snapshot: Snapshot, { documents, plan }: Planned, file: FilePlan): RunningJob | undefined {
  const edits = plan.edits.filter(({ path }) => path === file.path);
  for (const { id, path } of documents.values()) {
    if (path !== file.path) continue;
    if (nameOfRunningSysctl(id) !== undefined) return sysctlJob(id, file, edits);
    if (addressOfId(id) !== undefined) return gpuJob(snapshot, id, file, edits);
  }
  return undefined;
}

/**
 * Documents know nothing of each other, and one may have to wait for another: no runtime is taken that is above the period that still runs
 * [Linux kernel/sched/rt.c sched_rt_global_validate]. So where there are several each is written twice; what counts is what runs in the end.
 */
function valuesOf(jobs: readonly RunningJob[]): RunningValue[] {
  const once = jobs.flatMap(({ values }) => values);
  return jobs.length > 1 ? [...once, ...once] : once;
}
