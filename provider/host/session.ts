import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import { remoteError } from "./errors";
import { harmless, launch } from "./launch";
import type { RemoteProcess, Target } from "./types";

/** A hostile or broken target must not fill our memory: bytes of one answer, and of one line of it. */
const TOTAL = 64 * 1024 * 1024;
const LINE = 1024 * 1024;
const START = "pulumi-acrn frame 1";

export interface SessionOptions {
  /** Milliseconds without a byte after which the target counts as silent. @default 600000 */
  idle?: number;
}

/** One run of a script: lines in, lines out. Every way in which it can end early is an AcrnError. */
export class Session {
  private readonly lines: string[] = [];
  private pending: Buffer[] = [];
  private pendingSize = 0;
  private total = 0;
  private started = false;
  private failure: AcrnError | undefined;
  private wake: (() => void) | undefined;
  private errors: Buffer = Buffer.alloc(0);
  private readonly closed: Promise<void>;

  private constructor(
    private readonly target: Target,
    private readonly process: RemoteProcess,
    private readonly idle: number,
  ) {
    process.stdin.on("error", () => undefined); // its end shows on stdout
    process.stderr.on("error", () => undefined);
    process.stderr.on("data", (chunk: Buffer) => {
      this.errors = Buffer.concat([this.errors, chunk]).subarray(-8192);
    });
    process.stdout.on("data", (chunk: Buffer) => this.take(chunk));
    const ended = new Promise<void>((resolve) => {
      process.stdout.on("end", resolve);
      process.stdout.on("close", resolve);
      process.stdout.on("error", () => resolve());
    });
    this.closed = this.finish(ended);
  }

  /** Starts `script` on the target. */
  static async start(target: Target, script: string, { idle = 600_000 }: SessionOptions = {}): Promise<Session> {
    const { command, stdin } = launch(target.elevation, script);
    const process = await target.transport.exec(command);
    const session = new Session(target, process, idle);
    session.send(stdin);
    return session;
  }

  get label(): string {
    return this.target.transport.label;
  }

  send(text: string): void {
    if (!this.failure && this.process.stdin.writable) this.process.stdin.write(text);
  }

  /** The next line after the start marker. */
  async line(): Promise<string> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) {
        if (this.started) {
          if (line.startsWith("error ")) throw remoteError(this.label, line.slice(6));
          return line;
        }
        this.started = line === START;
        continue;
      }
      if (this.failure) throw this.failure;
      await this.more();
    }
  }

  /** Lets the script end and waits for that, but not for ever. Never throws. */
  async close(): Promise<void> {
    this.process.stdin.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.process.stdout.destroy();
        resolve();
      }, 5000);
    });
    await Promise.race([this.closed, late]);
    clearTimeout(timer);
  }

  /** Resolves when something happened; silence for too long is a failure. */
  private more(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.fail(
          "host.silent",
          `${this.label} has not answered for ${this.idle / 1000} s`,
          "Is the machine overloaded or its disk stuck?",
        );
      }, this.idle);
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
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.push(chunk.subarray(from, at));
      this.lines.push(Buffer.concat(this.pending).toString("utf8"));
      this.pending = [];
      this.pendingSize = 0;
      from = at + 1;
    }
    this.push(chunk.subarray(from));
    if (this.pendingSize > LINE) this.tooMuch("a line longer than 1 MiB");
    else if (this.total > TOTAL) this.tooMuch("more than 64 MiB");
    this.wake?.();
  }

  private push(part: Buffer): void {
    this.pending.push(part);
    this.pendingSize += part.length;
  }

  private tooMuch(what: string): void {
    this.fail(
      "frame.size",
      `${this.label} sent ${what}`,
      "That is no answer of our script. Does the login shell print without end?",
    );
  }

  private fail(code: string, summary: string, hint: string): void {
    this.failure ??= new AcrnError(code, summary, { hint });
    this.pending = [];
    this.process.stdin.destroy();
    this.process.stdout.destroy();
    this.wake?.();
  }

  private async finish(ended: Promise<void>): Promise<void> {
    const exit = this.process.exit.then(
      ({ code, signal }) => ({ how: `exit status ${code ?? signal ?? "unknown"}`, cause: undefined as unknown }),
      (cause: unknown) => ({ how: "the link broke", cause }),
    );
    const first = await Promise.race([exit, ended.then(() => undefined)]);
    // What was already under way still arrives; a link that broke may never say that stdout ended.
    const late = sleep(5000, { how: "no exit status", cause: undefined as unknown }, { ref: false });
    const { how, cause } = first ?? (await Promise.race([exit, late]));
    if (cause === undefined) await Promise.race([ended, late]);
    this.failure ??= this.cut(how, cause);
    this.wake?.();
  }

  private cut(how: string, cause: unknown): AcrnError {
    const { elevation } = this.target;
    // decoded as a whole: half a character would hide the password from the search for it
    const said = harmless(
      this.errors.toString("utf8"),
      elevation.how === "sudo-password" ? elevation.password : undefined,
    ).trim();
    const where = this.started ? "ended before it was complete" : "did not come";
    const hint = said ? `The target said: ${said}` : "The target said nothing on stderr. Try the same login by hand.";
    return new AcrnError(
      cause === undefined ? "frame.cut" : "link.cut",
      `the answer of ${this.label} ${where} (${how})`,
      {
        hint,
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }
}
