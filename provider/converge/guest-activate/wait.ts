import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../../core/errors";
import { GuestTrial, type TrialState } from "../../host/guest/trial-session";
import type { Target } from "../../host/types";

/** How often a guest that goes down and comes up again is asked, in milliseconds. */
const PAUSE = 1000;

export interface Awaited {
  target: Target;
  /** The boot that has to be over. */
  not: string;
  seconds: number;
  /** Asked in each round; true ends the wait. */
  ended?: () => Promise<boolean>;
  progress(what: string): void;
}

/** The guest over a new connection, in another boot than that; or why it did not come within the limit. */
export async function newBoot({
  target,
  not,
  seconds,
  ended,
  progress,
}: Awaited): Promise<TrialState | { why: string }> {
  const end = performance.now() + seconds * 1000;
  let why = "it was not asked";
  while (performance.now() < end) {
    await sleep(PAUSE);
    try {
      const session = await GuestTrial.open(target);
      const state = await session.state().finally(() => session.close());
      if (state.bootId !== not) return state;
      why = "it answers, and with the same boot id";
    } catch (error) {
      why = error instanceof AcrnError ? error.summary : String(error); // a line of progress, and within another error's sentence
    }
    if (await ended?.()) return { why };
    progress(`waiting for the guest to come back: ${why}`);
  }
  return { why };
}
