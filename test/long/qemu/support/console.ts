import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What the machine says on its serial line, over all its starts. */
export class Console {
  private seen = 0;

  /** @param alive false once nothing more can come */
  constructor(
    readonly file: string,
    private readonly alive: () => boolean,
  ) {}

  text(): string {
    return existsSync(this.file) ? readFileSync(this.file, "latin1") : "";
  }

  /** The last lines, for messages. */
  tail(lines = 15): string {
    return this.text().replace(/\r/g, "").trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** Nothing that was said before counts for the next `waitFor`. */
  skip(): void {
    this.seen = this.text().length;
  }

  /** Waits until it says so, behind what an earlier call has waited for. Fails when it ends without, or after `seconds`. */
  async waitFor(pattern: RegExp, seconds = 900): Promise<RegExpExecArray> {
    for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
      const alive = this.alive(); // before the look: what it said last counts
      const found = new RegExp(pattern.source, pattern.flags.replace("g", "")).exec(this.text().slice(this.seen));
      if (found) {
        this.seen += found.index + found[0].length;
        return found;
      }
      if (alive && Date.now() < end) continue;
      const why = alive ? `within ${seconds} s` : "and the machine has ended";
      throw new Error(`the console did not say ${pattern} ${why}:\n${this.tail()}`);
    }
  }
}
