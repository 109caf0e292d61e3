/** A hostile or broken target must not fill our memory: bytes and lines of one session, and bytes of one line. */
const TOTAL = 64 * 1024 * 1024;
const LINES = 1_000_000;
const LINE = 1024 * 1024;

/** Bytes in, lines out, within limits. */
export class WireLines {
  private lines: string[] = [];
  private taken = 0;
  private pending: Buffer[] = [];
  private pendingSize = 0;
  private total = 0;
  private count = 0;

  /** Which limit these bytes break; undefined where they keep them all. */
  add(chunk: Buffer): string | undefined {
    this.total += chunk.length;
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0 && this.count <= LINES; at = chunk.indexOf(10, from)) {
      this.lines.push(this.completed(chunk.subarray(from, at)));
      this.count++;
      from = at + 1;
    }
    this.pending.push(chunk.subarray(from));
    this.pendingSize += chunk.length - from;
    if (this.pendingSize > LINE) return "a line longer than 1 MiB";
    if (this.total > TOTAL) return "more than 64 MiB";
    return this.count > LINES ? `more than ${LINES} lines` : undefined;
  }

  /** The next line, without its line break; undefined where none is complete. */
  next(): string | undefined {
    if (this.taken === this.lines.length) {
      this.lines = [];
      this.taken = 0;
      return undefined;
    }
    const line = this.lines[this.taken] as string;
    this.lines[this.taken++] = ""; // its memory goes with the reader
    return line;
  }

  /** How many bytes have come in all. */
  get bytes(): number {
    return this.total;
  }

  clear(): void {
    this.lines = [];
    this.taken = 0;
    this.pending = [];
  }

  private completed(end: Buffer): string {
    const line = this.pendingSize === 0 ? end : Buffer.concat([...this.pending, end]);
    this.pending = [];
    this.pendingSize = 0;
    return line.toString("utf8");
  }
}
