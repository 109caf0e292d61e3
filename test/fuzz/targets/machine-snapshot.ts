import { createHash } from "node:crypto";
import type { Planned } from "../../../provider/converge/plan-resource";
import { LEDGER_PATH, serialiseLedger } from "../../../provider/core/claims/ledger";
import { renderMarkdown, renderText } from "../../../provider/core/plan/render-text";
import type { FileState, Snapshot } from "../../../provider/core/snapshot";

/** Files by path, and under names that begin with `text:` what a live machine answers beside them. */
export function snapshotOf(files: ReadonlyMap<string, Buffer>): Snapshot {
  const states: FileState[] = [];
  const texts = new Map<string, string>();
  for (const [path, bytes] of files) {
    if (path.startsWith("text:")) texts.set(path.slice(5), bytes.toString("utf8"));
    else states.push(stateOf(path, bytes));
    texts.set(`md5:${path}`, createHash("md5").update(bytes).digest("hex"));
  }
  const identity = { machineId: "0".repeat(32), bootId: "b" };
  return {
    identity,
    kind: "live",
    files: new Map(states.map((state) => [state.path, state])),
    texts,
    commands: new Set(),
    warnings: [],
  };
}

function stateOf(path: string, bytes: Uint8Array): FileState {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, kind: "file", bytes, sha256, realPath: path, mtime: 1_699_900_000, strategy: { how: "rename" } };
}

/** The machine after a plan. */
export function applied(snapshot: Snapshot, { plan, ledger }: Planned): Snapshot {
  const files = new Map(snapshot.files);
  const put = (path: string, text: string | undefined) =>
    text === undefined ? files.delete(path) : files.set(path, stateOf(path, Buffer.from(text)));
  for (const { path, after } of plan.files) put(path, after);
  put(LEDGER_PATH, serialiseLedger(ledger));
  return { ...snapshot, files };
}

/** All that people see of a plan. */
export function shown(planned: Planned): unknown {
  return [planned.lines, planned.pending, planned.outputs, renderText(planned.plan), renderMarkdown(planned.plan)];
}
