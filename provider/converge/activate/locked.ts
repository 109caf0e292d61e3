import type { Snapshot } from "../../core/snapshot";
import { PowerSession } from "../../host/power/session";
import type { Target } from "../../host/types";
import { ownerLabel } from "../owner";
import { alone } from "./alone";

/** The session that has the machine's lock of activations. A boot ends it, and another one takes its place. */
export interface Held {
  session: PowerSession;
}

export interface Locked {
  target: Target;
  /** What others are told who meet the lock. */
  does: string;
  /** How everything stands when it is not to be had. */
  stands: string;
  /** See `AloneOptions`. */
  patience?: number;
  progress(what: string): void;
}

/**
 * Images and what boots by default are written by nobody else at the same time, an activation least of all.
 * @param kind a folder is not locked: nothing boots there, and nobody activates it
 */
export async function locked<T>(kind: Snapshot["kind"], options: Locked, work: () => Promise<T>): Promise<T> {
  if (kind === "folder") return work();
  const { target, does, ...rest } = options;
  const session = await PowerSession.open(target);
  try {
    await alone(session, { owner: ownerLabel(), ...rest });
    await session.doing(does);
    return await work();
  } finally {
    await session.close();
  }
}
