import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../../core/errors";
import type { Holder, PowerSession } from "../../host/power/session";

export interface AloneOptions {
  /** Who we are, for whoever comes meanwhile. */
  owner: string;
  /** How everything stands when it is not to be had. */
  stands: string;
  /** Milliseconds. A shell whose client was killed notices that within five seconds. @default 10000 */
  patience?: number;
  progress(what: string): void;
}

const PAUSE = 500;

/** The machine's lock of activations, for as long as the session lives: two at once would lift each other's hold, and start what the other has off. */
export async function alone(session: PowerSession, options: AloneOptions): Promise<void> {
  const { owner, stands, patience = 10_000, progress } = options;
  const end = performance.now() + patience;
  for (;;) {
    const other = await session.take(owner);
    if (other === undefined) return;
    if (performance.now() >= end) throw other === "failed" ? unmade(session, stands) : busy(session, other, stands);
    if (other !== "failed") progress(`${session.label}: checking whether it is free: ${other.who}`);
    await sleep(PAUSE);
  }
}

function busy({ label }: PowerSession, { who, seconds }: Holder, stands: string): AcrnError {
  return new AcrnError("power.busy", `${label}: another activation is at work: ${who}, since ${seconds} s`, {
    hint:
      `${stands} Wait for it to end, then run again. If its client is gone, it ends by itself: what it waits for ends, or within five minutes. ` +
      "Only of one in another container nothing can be known: if it is gone, remove /run/pulumi-acrn/activation.",
  });
}

function unmade({ label }: PowerSession, stands: string): AcrnError {
  return new AcrnError(
    "power.lock",
    `${label}: the lock of activations cannot be made in /run/pulumi-acrn/activation`,
    {
      hint: `${stands} Is /run full or read-only?`,
    },
  );
}
