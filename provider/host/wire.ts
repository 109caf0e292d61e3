import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import { harmless } from "./launch";
import type { RemoteProcess } from "./types";

/** A hostile or broken target must not fill our memory: bytes and lines of one session, and bytes of one line. */
const TOTAL = 64 * 1024 * 1024;
const LINES = 1_000_000;
const LINE = 1024 * 1024;
/** How much of what was said beside the answer is kept, for the error that may have to quote it. */
const SAID = 8192;
/** How long a process that should have ended may take for it, in milliseconds. */
const LATE = 5000;

/** Time limits, in milliseconds. */
export interface WireTimes {
  /** Until the script starts: a login or sudo that asks somebody else (a second factor) must end. @default 120000 */
  start?: number;
  /** Without a byte for so long the target counts as silent. @default 600000 */
  idle?: number;
  /** For the whole of one answer, however busy: a trickle ends too. It starts anew with each thing that is sent. @default 900000 */
  answer?: number;
}

/** One process as lines in and lines out. Every way in which it can end early is an AcrnError. */
export class Wire {
  private lines: string[] = [];
  private taken = 0;
  private pending: Buffer[] = [];
  private pendingSize = 0;
  private total = 0;
  private count = 0;
  private failure: AcrnError | undefined;
  private wake: (() => void) | undefined;
  private said: Buffer = Buffer.alloc(0);
  private readonly closed: Promise<void>;
  private readonly idle: number;
  private readonly answer: number;
  private readonly start: number;
  private deadline: number;
  private started = false;

  /** @param secret never to be quoted */
  constructor(
    private readonly label: string,
    private readonly process: RemoteProcess,
    times: WireTimes,
    private readonly secret: string | undefined,
  ) {
    this.idle = times.idle ?? 600_000;
    this.answer = times.answer ?? 900_000;
    this.start = times.start ?? 120_000;
    this.deadline = performance.now() + this.start;
    process.stdin.on("error", () => undefined); // its end shows on stdout
    process.stderr.on("error", () => undefined);
    process.stderr.on("data", (chunk: Buffer) => this.note(chunk));
    process.stdout.on("data", (chunk: Buffer) => this.take(chunk));
    const ended = new Promise<void>((resolve) => {
      process.stdout.on("end", resolve);
      process.stdout.on("close", resolve);
      process.stdout.on("error", () => resolve());
    });
    this.closed = this.finish(ended);
  }

  send(text: string): void {
    if (this.started) this.deadline = performance.now() + this.answer;
    if (!this.failure && this.process.stdin.writable) this.process.stdin.write(text);
  }

  /** The script runs: from here on the limits of an answer count. */
  begin(): void {
    this.started = true;
    this.deadline = performance.now() + this.answer;
  }

  /** The next line, without its line break. */
  async line(): Promise<string> {
    while (this.taken === this.lines.length) {
      if (this.failure) throw this.failure;
      this.lines = [];
      this.taken = 0;
      await this.more();
    }
    const line = this.lines[this.taken] as string;
    this.lines[this.taken++] = ""; // its memory goes with the reader
    return line;
  }

  /** Something that was said beside the answer; its end is quoted when the answer does not come. */
  note(text: Buffer): void {
    this.said = Buffer.concat([this.said, text]).subarray(-SAID);
  }

  /** Ends the input and waits for the process, but not for ever. Never throws. */
  async close(): Promise<void> {
    this.process.stdin.end();
    if (this.failure) return; // it has ended, or was dropped
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.drop();
        resolve();
      }, LATE);
    });
    await Promise.race([this.closed, late]);
    clearTimeout(timer);
  }

  /** Breaks it off: the process sees its pipes or its terminal go. */
  drop(): void {
    this.process.stdin.destroy();
    this.process.stdout.destroy();
    this.process.stderr.destroy();
  }

  /** Resolves when something happened; too long a silence, or too long an answer, is a failure. */
  private more(): Promise<void> {
    const left = this.deadline - performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => (left > this.idle ? this.silent() : this.endless()), Math.min(left, this.idle));
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private take(chunk: Buffer): void {
    if (this.failure) return;
    this.total += chunk.length;
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0 && this.count <= LINES; at = chunk.indexOf(10, from)) {
      this.lines.push(this.completed(chunk.subarray(from, at)));
      this.count++;
      from = at + 1;
    }
    this.pending.push(chunk.subarray(from));
    this.pendingSize += chunk.length - from;
    if (this.pendingSize > LINE) this.tooMuch("a line longer than 1 MiB");
    else if (this.total > TOTAL) this.tooMuch("more than 64 MiB");
    else if (this.count > LINES) this.tooMuch(`more than ${LINES} lines`);
    this.wake?.();
  }

  private completed(end: Buffer): string {
    const line = this.pendingSize === 0 ? end : Buffer.concat([...this.pending, end]);
    this.pending = [];
    this.pendingSize = 0;
    return line.toString("utf8");
  }

  private tooMuch(what: string): void {
    this.fail(
      "frame.size",
      `${this.label} sent ${what}`,
      "That is no answer of our script. Does the login shell print without end?",
    );
  }

  private silent(): void {
    this.fail(
      "host.silent",
      `${this.label} has not answered for ${this.idle / 1000} s`,
      "Is the machine overloaded or its disk stuck?",
    );
  }

  private endless(): void {
    if (this.started)
      this.fail(
        "host.slow",
        `the answer of ${this.label} was not complete after ${this.answer / 1000} s`,
        "The link or the machine is too slow for it, or it answers without end. Try the same login by hand.",
      );
    else
      this.fail(
        "host.silent",
        `${this.label} has not started our script within ${this.start / 1000} s`,
        `Its login or its sudo waits for something (a second factor, a directory service). ${this.quoted()}`.trim(),
      );
  }

  private fail(code: string, summary: string, hint: string): void {
    this.failure ??= new AcrnError(code, summary, { hint });
    this.pending = [];
    this.lines = [];
    this.taken = 0;
    this.drop();
    this.wake?.();
  }

  private async finish(ended: Promise<void>): Promise<void> {
    const exit = this.process.exit.then(
      ({ code, signal }) => ({ how: `exit status ${code ?? signal ?? "unknown"}`, cause: undefined as unknown }),
      (cause: unknown) => ({ how: "the link broke", cause }),
    );
    const first = await Promise.race([exit, ended.then(() => undefined)]);
    // What was already under way still arrives; a link that broke may never say that stdout ended.
    const late = sleep(LATE, { how: "no exit status", cause: undefined as unknown }, { ref: false });
    const { how, cause } = first ?? (await Promise.race([exit, late]));
    if (cause === undefined) await Promise.race([ended, late]);
    this.failure ??= this.cut(how, cause);
    this.wake?.();
  }

  private cut(how: string, cause: unknown): AcrnError {
    const code = cause === undefined ? "frame.cut" : "link.cut";
    const where = this.started ? "ended before it was complete" : "did not come";
    return new AcrnError(code, `the answer of ${this.label} ${where} (${how})`, {
      hint: this.quoted() || "The target said nothing on stderr. Try the same login by hand.",
      ...(cause === undefined ? {} : { cause }),
    });
  }

  private quoted(): string {
    // decoded as a whole: half a character would hide the password from the search for it
    const said = harmless(this.said.toString("utf8"), this.secret).trim();
    return said && `The target said: ${said}`;
  }
}
