/** Thrown to those who wait for a slot of a connection that has gone; nothing was sent for them. */
export class Gone extends Error {}

/**
 * Bounds the sessions of one connection. The limit starts below sshd's MaxSessions (10 by default) and sinks to what the
 * server turns out to allow. First come, first served.
 */
export class Slots {
  private active = 0;
  private gone = false;
  private readonly waiting: { settle: () => void; reject: (error: Gone) => void }[] = [];

  constructor(private limit: number) {}

  take(): Promise<void> {
    if (this.gone) return Promise.reject(new Gone());
    if (this.active < this.limit) {
      this.active++;
      return Promise.resolve();
    }
    return new Promise((settle, reject) => this.waiting.push({ settle, reject }));
  }

  give(): void {
    this.active--;
    if (this.active < this.limit) this.wake();
  }

  /** The server opened no further session: true when others are open, so that waiting for one of them helps. */
  sink(): boolean {
    if (this.active <= 1) return false;
    this.limit = Math.min(this.limit, this.active - 1);
    return true;
  }

  close(): void {
    this.gone = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Gone());
  }

  private wake(): void {
    const next = this.waiting.shift();
    if (!next) return;
    this.active++;
    next.settle();
  }
}
