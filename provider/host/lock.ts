import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import { badFrame } from "./errors";
import { harmless } from "./launch";
import { outcomeError, receiveOutcome } from "./outcome";
import type { Session } from "./session";
import type { TransactOptions } from "./types";

/**
 * Waits for `locked`, asking again at growing intervals while a living owner has it. The clock is ours, and only for giving up.
 * What a dead transaction left was then finished or undone; where neither worked, that is thrown. Returns who holds it now: boot id, pid, start.
 */
export async function receiveLock(session: Session, { lockWait = 60_000, progress }: TransactOptions): Promise<string> {
  const until = performance.now() + lockWait;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2000)) {
    const line = await session.line();
    if (/^locked [0-9a-f-]{1,60} \d{1,10} \d{1,20}$/.test(line)) return line.slice(7);
    if (line.startsWith("outcome ")) throw outcomeError(session.label, await receiveOutcome(session, line));
    if (!line.startsWith("busy ")) throw badFrame(session.label, line);
    const owner = harmless(line.slice(5)) || "somebody";
    const left = until - performance.now();
    if (left <= 0) throw held(session.label, owner, lockWait);
    progress?.(`waiting for the lock of ${owner}`);
    await sleep(Math.min(pause, left));
    session.send("again\n");
  }
}

function held(label: string, owner: string, waited: number): AcrnError {
  return new AcrnError(
    "lock.held",
    `${label}: ${owner} has the lock, also after ${waited / 1000} s; nothing was changed`,
    {
      hint:
        "Wait for that run to end, or end it: a lock whose owner is gone is taken over by itself, one whose client is silent after five minutes. " +
        "Only of an owner in another container nothing can be known: if it is gone, remove /var/lib/pulumi-acrn/lock.",
    },
  );
}

/** Gives the lock back and hears that it is so. */
export async function finish(session: Session): Promise<void> {
  session.send("quit\n");
  for (let line = await session.line(); line !== "end 1"; line = await session.line());
}
