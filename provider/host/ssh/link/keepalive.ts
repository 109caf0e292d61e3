import type { Client } from "ssh2";

const INTERVAL_MS = 15_000;
const UNANSWERED = 3;

/**
 * Notices a peer that vanished without a word while a command runs. ssh2's own keep-alive holds the process up with a
 * timer that cannot be unref'd, also when the connection is idle; this one runs only while something is under way. The
 * ping is the cancelling of a forwarding that was never asked for: public API of ssh2, wants a reply, changes nothing.
 */
export class KeepAlive {
  private timer: NodeJS.Timeout | undefined;
  private unanswered = 0;

  constructor(
    private readonly client: Client,
    private readonly dead: () => void,
    private readonly intervalMs = INTERVAL_MS,
    private readonly most = UNANSWERED,
  ) {}

  start(): void {
    this.unanswered = 0;
    this.timer ??= setInterval(() => this.ping(), this.intervalMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private ping(): void {
    if (this.unanswered++ >= this.most) {
      this.stop();
      this.dead();
      return;
    }
    try {
      this.client.unforwardIn("localhost", 0, () => {
        this.unanswered = 0; // "no such forwarding" is an answer
      });
    } catch {
      this.stop(); // not connected any more: the close event tells
    }
  }
}
