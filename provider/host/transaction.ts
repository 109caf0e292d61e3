import { randomBytes } from "node:crypto";
import { AcrnError } from "../core/errors";
import type { Snapshot } from "../core/snapshot";
import { finish, receiveLock } from "./lock";
import { type Outcome, outcomeError, receiveOutcome } from "./outcome";
import { type Entry, entriesOf, payloadOf } from "./payload";
import { awaitOutcome } from "./reconnect";
import { requestLines } from "./request";
import { transactScript } from "./scripts/main";
import { Session, type SessionOptions } from "./session";
import { receiveSnapshot } from "./snapshot";
import type { FileChange, ReadRequest, Target, TransactOptions, TransactResult } from "./types";

/** Decides what is written, from what the lock holder just read. Throwing or `[]` changes nothing. */
export type Decide = (fresh: Snapshot) => readonly FileChange[];

/** @internal What tests replace. */
export interface TransactInner {
  script?: string;
  id?: string;
  /** Milliseconds before the second try to get the link back; the later ones wait longer. */
  pause?: number;
  times?: SessionOptions;
}

/** Lock, fresh read, decision, commit, read again, unlock: one exec. See docs of scripts/main.ts for what the machine does. */
export async function transact(
  target: Target,
  request: ReadRequest,
  decide: Decide,
  options: TransactOptions,
  inner: TransactInner = {},
): Promise<TransactResult> {
  const session = await Session.start(target, inner.script ?? transactScript(), inner.times);
  try {
    session.send(requestLines(request, options.owner));
    const holder = await receiveLock(session, options);
    options.progress?.("reading");
    const before = await receiveSnapshot(session, target, request);
    const entries = entriesOf(decide(before), before);
    if (entries.length === 0) {
      await finish(session);
      return { before, after: before, changed: false };
    }
    options.progress?.(`writing ${entries.length} file${entries.length === 1 ? "" : "s"}`);
    const id = inner.id ?? randomBytes(8).toString("hex");
    const after = await commit(session, id, entries, {
      read: () => receiveSnapshot(session, target, request),
      reconnect: () => awaitOutcome(target, request, { id, holder }, entries, options, inner.pause),
    });
    return { before, after, changed: true };
  } finally {
    await session.close();
  }
}

/** It was heard that all is written; only the read after it did not come to an end. */
function busyAfter(cause: AcrnError): AcrnError {
  return new AcrnError(cause.code, `${cause.summary}, after all that was declared had been written`, {
    hint: "Something writes that file all the time. Run the preview again when it has ended: nothing of the transaction is left open.",
    cause,
  });
}

/** Sends the payload and reads how it ended. From the first byte on, an answer that does not come is asked for over a new link. */
async function commit(
  session: Session,
  id: string,
  entries: readonly Entry[],
  { read, reconnect }: Record<"read" | "reconnect", () => Promise<Snapshot>>,
): Promise<Snapshot> {
  const { header, wire } = payloadOf(id, entries);
  session.send(header + wire);
  let outcome: Outcome | undefined;
  let after: Snapshot | undefined;
  try {
    outcome = await receiveOutcome(session, await session.line(), id);
    if (outcome.status === "done") {
      after = await read();
      session.send(`ack ${id}\n`);
      await finish(session);
    }
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    await session.close();
    if (outcome?.status === "done" && error.code === "host.busy-file") throw busyAfter(error);
    return reconnect();
  }
  if (!after) throw outcomeError(session.label, outcome);
  return after;
}
