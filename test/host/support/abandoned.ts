import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { transact } from "../../../provider/host/transaction";
import type { FileChange, ReadRequest, Target } from "../../../provider/host/types";

/** Hook text: kills right after a step of the journal. `$$` is who writes it, `$w` who holds the lock. */
export const killAt = (step: string, whom = "$w $$"): string =>
  `case $1 in '${step}'*) IFS=' ' read -r _ w _ <"$D/lock"; kill -9 ${whom};; esac`;

/** A folder whose link cannot be had again once it is lost. */
export function onlyOnce(root: string, shell?: FolderShell): Target {
  const target = folderTarget(root, shell);
  let calls = 0;
  const exec = (command: string) => (calls++ ? Promise.reject(new Error("down")) : target.transport.exec(command));
  return { ...target, transport: { label: "once", exec } };
}

/** Leaves a dead transaction: `script` kills runner and starter in the middle, and the client never hears how it ended. */
export async function abandon(
  root: string,
  {
    request,
    changes,
    script,
    shell,
  }: { request: ReadRequest; changes: FileChange[]; script: string; shell?: FolderShell | undefined },
): Promise<string> {
  await assert.rejects(
    transact(onlyOnce(root, shell), request, () => changes, { owner: "tests" }, { script, pause: 1 }),
    (error) =>
      error instanceof AcrnError &&
      error.code === "tx.unknown" &&
      /the next up finishes or undoes it/.test(error.message),
  );
  return root;
}
