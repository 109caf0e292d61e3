import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import type { Snapshot } from "../core/snapshot";
import { finish, receiveLock } from "./lock";
import { type Outcome, outcomeError, PLACES, receiveOutcome } from "./outcome";
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
      if (error instanceof AcrnError && ["tx.torn", "tx.newer"].includes(error.code)) throw error;
      if (error instanceof AcrnError && error.code === "lock.held") break;
      continue;
    }
    return judge(target.transport.label, answer.outcome, answer.now, entries);
  }
  throw new AcrnError(
    "tx.unknown",
    `${target.transport.label}: the link was cut while transaction ${cut.id} was under way, and cannot be had again: whether it was done is not known here`,
    {
      hint: `${lastWord(cause)}Each file is old or new; the machine goes on without us. Run again when it can be reached: the preview says if the transaction is still open, the next up finishes or undoes it first. ${PLACES}`,
      cause,
    },
  );
}

/** Why the last try failed: the answer may have come and made no sense. */
function lastWord(cause: unknown): string {
  return cause instanceof AcrnError ? `The last try: ${cause.summary}. ` : "";
}

async function ask(target: Target, request: ReadRequest, { id, holder }: Cut, options: TransactOptions) {
  const session = await Session.start(target, transactScript());
  try {
    session.send(requestLines(request, options.owner, holder));
    await receiveLock(session, options);
    const now = await receiveSnapshot(session, target, request);
    session.send(`result ${id}\n`);
    const outcome = await receiveOutcome(session, await session.line(), id);
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
    // what only a pattern had found, it does not find any more
    return state === undefined || state.kind === "absent" ? "absent" : state.sha256;
  };
  if (entries.every((entry) => hash(entry) === entry.after)) return now;
  if (entries.every((entry) => hash(entry) === entry.change.before))
    throw new AcrnError("link.cut", `${label}: the link was cut before the changes had arrived; nothing was changed`, {
      hint: "Run again.",
    });
  const others = entries.filter((entry) => ![entry.after, entry.change.before].includes(hash(entry) ?? ""));
  const paths = (others.length > 0 ? others : entries).map(({ change }) => change.path).join(", ");
  throw new AcrnError(
    "tx.unknown",
    `${label}: the link was cut; the transaction is over, and somebody else has changed the same files since: ${paths}`,
    { hint: "Nothing of it is left open. Run the preview again: the plan is then made from what is there now." },
  );
}
