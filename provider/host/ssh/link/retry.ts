import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../../../core/errors";
import type { ResolvedConnection } from "../spec";
import { milliseconds } from "./milliseconds";

/** Tries where ssh_config has no ConnectionAttempts, all within one connectTimeout. */
const ATTEMPTS = 3;
const PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 4_000;

/** Errors of a server that was there and hung up before it had shown who it is. */
const cutOff = new WeakSet<AcrnError>();

/** Marks an error as one that may be gone the next moment: a server that is full (MaxStartups) or about to restart, a name service that is busy. */
export function passing(error: AcrnError): AcrnError {
  cutOff.add(error);
  return error;
}

const decided = new WeakSet<AcrnError>();

/** Marks an error as one that was tried again already: that of a jump host. */
export function lasting(error: AcrnError): AcrnError {
  decided.add(error);
  return error;
}

export interface RetryOptions {
  /** The first pause, in milliseconds; each further one is twice as long. @default 300 */
  retryMs?: number;
}

/**
 * Tries to connect, again only where that can help. By itself that is a server that hung up in the key exchange: where nobody answers, a
 * preview of many hosts must not wait, unless ConnectionAttempts says so. Never after a host key or a login: what is wrong there stays so,
 * and each try counts for the server's limits.
 * @param attempt is given the milliseconds that it may take
 */
export async function withRetries<T>(
  to: ResolvedConnection,
  { retryMs = PAUSE_MS }: RetryOptions,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const limit = milliseconds(to.connectTimeout);
  const attempts = to.connectionAttempts ?? ATTEMPTS;
  const end = performance.now() + limit;
  // ConnectTimeout is for each try where ConnectionAttempts is configured, as in ssh; else our limit holds for all together
  const left = () => (to.connectionAttempts === undefined ? Math.max(1, end - performance.now()) : limit);
  for (let number = 1; ; number++) {
    try {
      return await attempt(left());
    } catch (error) {
      // half of it to one and a half: many processes that were dropped together must not come back together
      const pause = Math.min(retryMs * 2 ** (number - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random());
      if (!worthwhile(error, to)) throw error;
      if (number >= attempts || pause >= left())
        throw number > 1 ? error.within(`attempt ${number} of ${attempts}`) : error;
      await sleep(pause);
    }
  }
}

function worthwhile(error: unknown, to: ResolvedConnection): error is AcrnError {
  if (!(error instanceof AcrnError) || decided.has(error)) return false;
  return cutOff.has(error) || (to.connectionAttempts !== undefined && error.code.startsWith("ssh.connect."));
}
