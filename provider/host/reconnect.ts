import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import type { Snapshot } from "../core/snapshot";
import { finish, receiveLock } from "./lock";
import { type Outcome, outcomeError, receiveOutcome } from "./outcome";
import type { Entry } from "./payload";
import { requestLines } from "./request";
import { transactScript } from "./scripts/main";
import { Session } from "./session";
import { receiveSnapshot } from "./snapshot";
import type { ReadRequest, Target, TransactOptions } from "./types";

const TRIES = 5;

/** What was cut: the transaction, and who of ours holds the lock there if its end has not noticed. */
export interface Cut {
  id: string;
  holder: string;
}

/**
 * The link was cut after the payload had started: asks a new one how it ended, under the lock, so a runner that still works is waited
 * for and one that died is recovered first. Returns the read after a commit that is done; throws what happened otherwise.
 */
export async function awaitOutcome(
  target: Target,
  request: ReadRequest,
  cut: Cut,
  entries: readonly Entry[],
  options: TransactOptions,
  pause = 500,
): Promise<Snapshot> {
  let cause: unknown;
  for (let round = 0; round < TRIES; round++) {
    if (round > 0) await sleep(pause * 3 ** (round - 1));
    options.progress?.("the link was cut; asking over a new one how it ended");
    let answer: { outcome: Outcome; now: Snapshot };
    try {
      answer = await ask(target, request, cut, options);
    } catch (error) {
      cause = error;
      if (error instanceof AcrnError && error.code === "tx.torn") throw error;
      if (error instanceof AcrnError && error.code === "lock.held") break;
      continue;
    }
    return judge(target.transport.label, answer.outcome, answer.now, entries);
  }
  throw new AcrnError(
    "tx.unknown",
    `${target.transport.label}: the link was cut while changes were under way and cannot be had again`,
    {
      hint: "Each file is old or new, and the next run finishes or undoes what is left. Run again when the machine can be reached.",
      cause,
    },
  );
}

async function ask(target: Target, request: ReadRequest, { id, holder }: Cut, options: TransactOptions) {
  const session = await Session.start(target, transactScript());
  try {
    session.send(requestLines(request, options.owner, holder));
    await receiveLock(session, options);
    const now = await receiveSnapshot(session, target);
    session.send(`result ${id}\n`);
    const outcome = await receiveOutcome(session, await session.line());
    if (outcome.status !== "none") session.send(`ack ${id}\n`);
    await finish(session);
    return { outcome, now };
  } finally {
    await session.close();
  }
}

/** Without a trace of the transaction the files tell: a result is dropped once the client knows it or nothing of ours is left. */
function judge(label: string, outcome: Outcome, now: Snapshot, entries: readonly Entry[]): Snapshot {
  if (outcome.status === "done") return now;
  if (outcome.status !== "none") throw outcomeError(label, outcome);
  const hash = ({ change }: Entry) => {
    const state = now.files.get(change.path);
    return state?.kind === "absent" ? "absent" : state?.sha256;
  };
  if (entries.every((entry) => hash(entry) === entry.after)) return now;
  if (entries.every((entry) => hash(entry) === entry.change.before))
    throw new AcrnError("link.cut", `${label}: the link was cut before the changes had arrived; nothing was changed`, {
      hint: "Run again.",
    });
  throw new AcrnError("tx.unknown", `${label}: the link was cut, and somebody else has changed the same files since`, {
    hint: "Run again: the plan is then made from what is there now.",
  });
}
