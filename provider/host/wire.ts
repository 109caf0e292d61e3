import { setTimeout as sleep } from "node:timers/promises";
import type { AcrnError } from "../core/errors";
import { harmless } from "./launch";
import type { RemoteProcess } from "./types";
import { cut, type End, endless, notStarted, silent, tooMuch } from "./wire-errors";
import { WireLines } from "./wire-lines";

/** How much of what was said beside the answer is kept, for the error that may have to quote it. */
const SAID = 8192;
/** Time limits, in milliseconds. */
export interface WireTimes {
  /** Until the script starts: a login or sudo that asks somebody else (a second factor) must end. @default 120000 */
  start?: number;
  /** Without a byte for so long the target counts as silent. @default 600000 */
  idle?: number;
  /** For the whole of one answer, however busy: a trickle ends too. It starts anew with each thing that is sent. @default 900000 */
  answer?: number;
  /** How long a process that should have ended may take for it, without a byte. @default 5000 */
  late?: number;
}

/** One process as lines in and lines out. Every way in which it can end early is an AcrnError (wire-errors.ts). */
export class Wire {
  private readonly lines = new WireLines();
  private failure: AcrnError | undefined;
  private wake: (() => void) | undefined;
  private said: Buffer = Buffer.alloc(0);
  private readonly closed: Promise<void>;
  private readonly idle: number;
  private readonly answer: number;
  private readonly start: number;
  private readonly late: number;
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
    this.late = times.late ?? 5000;
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
    for (;;) {
      const line = this.lines.next();
      if (line !== undefined) return line;
      if (this.failure) throw this.failure;
      await this.more();
    }
  }

  /** Something that was said beside the answer; its end is quoted when the answer does not come. */
  note(text: Buffer): void {
    this.said = Buffer.concat([this.said, text]).subarray(-SAID);
  }

  /** Ends the input and waits for the process, but not for ever. Never throws. */
  async close(): Promise<void> {
    this.process.stdin.end();
    if (!this.failure) await this.closedOrLate();
    this.drop(); // what did not end by itself (an output that somebody keeps open) would hold the session and us
  }

  /** Breaks it off: the process sees its pipes or its terminal go. */
  drop(): void {
    this.process.stdin.destroy();
    this.process.stdout.destroy();
    this.process.stderr.destroy();
  }

  private async closedOrLate(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.late);
    });
    await Promise.race([this.closed, late]);
    clearTimeout(timer);
  }

  /** Resolves when something happened; too long a silence, or too long an answer, is a failure. */
  private more(): Promise<void> {
    const left = this.deadline - performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.fail(this.overdue(left)), Math.min(left, this.idle));
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  /** Which limit is over: that of silence, if the deadline was further away (`left`) when the wait began. */
  private overdue(left: number): AcrnError {
    if (left > this.idle) return silent(this.label, this.idle);
    return this.started ? endless(this.label, this.answer) : notStarted(this.label, this.start, this.quotable());
  }

  private take(chunk: Buffer): void {
    if (this.failure) return;
    const broken = this.lines.add(chunk);
    if (broken !== undefined) this.fail(tooMuch(this.label, broken));
    this.wake?.();
  }

  private fail(error: AcrnError): void {
    this.failure ??= error;
    this.lines.clear();
    this.drop();
    this.wake?.();
  }

  private async finish(ended: Promise<void>): Promise<void> {
    const exit: Promise<End> = this.process.exit.then(
      ({ code, signal }) => ({ how: `exit status ${code ?? signal ?? "unknown"}` }),
      (cause: unknown) => ({ how: "the link broke", cause }),
    );
    const first = await Promise.race([exit, ended.then(() => undefined)]);
    const late = sleep(this.late, { how: "no exit status" }, { ref: false });
    const end: End = first ?? (await Promise.race([exit, late]));
    if (end.cause === undefined) await this.drained(ended); // a link that broke may never say that stdout ended
    this.failure ??= cut(this.label, end, this.started, this.quotable());
    this.wake?.();
  }

  /** What was already under way still arrives, however slow the link: sshd tells the exit status before the last full pipe (its session.c). */
  private async drained(ended: Promise<void>): Promise<void> {
    for (let seen = -1; seen !== this.lines.bytes; ) {
      seen = this.lines.bytes;
      if (await Promise.race([ended.then(() => true), sleep(this.late, false, { ref: false })])) return;
    }
  }

  private quotable(): string {
    // decoded as a whole: half a character would hide the password from the search for it
    return harmless(this.said.toString("utf8"), this.secret).trim();
  }
}
