import { LEDGER_PATH } from "../core/claims/ledger";
import type { Document } from "../core/claims/types";
import { limitsOf } from "../core/gpu/document";
import { gpuWrites } from "../core/gpu/writes";
import type { FilePlan, Plan } from "../core/plan/types";
import { type Snapshot, textOf } from "../core/snapshot";
import { setRunning } from "../host/running";
import type { Target } from "../host/types";
import type { Planned } from "./plan-resource";

/**
 * Documents that are no files: values of the running kernel, which a transaction can neither swap nor keep. They are set after the files
 * are written, when the ledger has what they were before; and given back before the files are, while it still has it. So a link that is
 * cut between the two leaves something to do, and never something forgotten.
 */
export function isRunning({ path }: Pick<FilePlan, "path">): boolean {
  return path.startsWith("/sys/");
}

/** The plan's own running values, and none of its files. */
export function runningOf({ files }: Plan): FilePlan[] {
  return files.filter((file) => isRunning(file) && file.before !== file.after);
}

/** Does anybody hold a running value here? Then what is given back has to be looked at before the transaction. */
export function holdsRunning(snapshot: Snapshot): boolean {
  return textOf(snapshot, LEDGER_PATH)?.includes('"gpu[') ?? false;
}

/** Nothing but giving back: then it is done before the files go. */
export function onlyGivesBack({ plan }: Planned): boolean {
  const running = plan.edits.filter(isRunning);
  return running.length > 0 && running.every(({ why }) => why === "given back");
}

/** Sets what the plan has for the running kernel; false: it has nothing. */
export async function setPlanned(target: Target, snapshot: Snapshot, planned: Planned): Promise<boolean> {
  const files = runningOf(planned.plan);
  const values = files.flatMap(({ path, after }) => {
    const id = idAt(planned.documents.values(), path);
    const wanted = limitsOf(after);
    return id === undefined || wanted === undefined ? [] : gpuWrites(snapshot, id, wanted);
  });
  if (values.length > 0) await setRunning(target, values);
  return values.length > 0;
}

function idAt(documents: Iterable<Document>, path: string): string | undefined {
  return [...documents].find((document) => document.path === path)?.id;
}
