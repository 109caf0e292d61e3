import { type Draft, draftOf } from "../../provider/converge/draft";
import { type Planned, planResource } from "../../provider/converge/plan-resource";
import { readScript } from "../../provider/host/scripts/main";
import { readSnapshot } from "../../provider/host/snapshot";
import { Pool } from "../../provider/host/ssh/pool";
import type { ConnectionSpec } from "../../provider/host/ssh/spec";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { MOVES, type Move } from "./hosts/tree";

const NOTHING_MORE = { scripts: [], files: [] };

/** The read script as a plain shell takes it on stdin: its request follows in a here-document, as it would after the script. */
export function plainScript(): string {
  return `{\n${readScript()}\n} <<'.'\ngo\n.\n`;
}

/** Login and read on a new connection, and the draft of it, as the first check of a preview has them. */
export async function readDraft(connection: ConnectionSpec): Promise<Draft> {
  const transport = new Pool({ idleMs: 1 }).transport(connection);
  const snapshot = await readSnapshot({ transport, elevation: { how: "auto" } }, NOTHING_MORE);
  return draftOf(snapshot, { connection: "bench" });
}

/** One CorePartition over VMs of the bench's hosts; `from` is what they have, so that nothing is to do. */
export function planPartition(draft: Draft, place: "from" | "to", moves: readonly Move[] = MOVES): Planned {
  const vms = Object.fromEntries(moves.map((move) => [move.vm, [move[place]]]));
  const who = { stack: "organization/bench/bench", kind: "CorePartition", urns: ["urn:bench"] };
  const planned = planResource(draft, corePartitionKind, who, { vms, neighbours: "refuse" });
  const edits = planned.plan.edits.length;
  const due = place === "from" ? 0 : moves.length;
  if (edits !== due || planned.refusals.length > 0) throw new Error(`${edits} edits are planned, not ${due}`);
  return planned;
}
