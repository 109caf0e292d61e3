/** Timers that end together. */
export class Timers {
  private readonly all = new Set<NodeJS.Timeout>();

  after(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.all.delete(timer);
      then();
    }, ms);
    this.all.add(timer);
  }

  /** Keeps no process alive. */
  every(ms: number, then: () => void): void {
    this.all.add(setInterval(then, ms).unref());
  }

  clear(): void {
    for (const timer of this.all) clearTimeout(timer);
    this.all.clear();
  }
}
