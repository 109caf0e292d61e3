import { LEDGER_PATH } from "../core/claims/ledger";
import type { FilePlan, Plan } from "../core/plan/types";
import { type Snapshot, textOf } from "../core/snapshot";
import type { Planned } from "./plan-resource";

/**
 * Documents that are no files: values of the running kernel, which a transaction can neither swap nor keep. They are set after the files
 * are written, when the ledger has what they were before; and given back before the files are, while it still has it. So a link that is
 * cut between the two leaves something to do, and never something forgotten.
 */
export function isRunning({ path }: Pick<FilePlan, "path">): boolean {
  return path.startsWith("/sys/") || path.startsWith("/proc/sys/");
}

/** The plan's own running values, and none of its files. */
export function runningOf({ files }: Plan): FilePlan[] {
  return files.filter((file) => isRunning(file) && file.before !== file.after);
}

/** Does anybody hold a running value here? Then what is given back has to be looked at before the transaction. */
export function holdsRunning(snapshot: Snapshot): boolean {
  const ledger = textOf(snapshot, LEDGER_PATH);
  return snapshot.kind === "live" && ['"gpu[', '"procsys['].some((word) => ledger?.includes(word));
}

/**
 * Documents of which nothing but giving back is planned: that is done before the files go. Document by document, because a resource that moves
 * to another GPU declares there what it gives back here, and a link that is cut before the last of it must not find the claim gone.
 */
export function onlyGivenBack({ plan }: Planned): Set<string> {
  const running = plan.edits.filter(isRunning);
  const declared = new Set(running.filter(({ why }) => why !== "given back").map(({ path }) => path));
  return new Set(running.map(({ path }) => path).filter((path) => !declared.has(path)));
}
