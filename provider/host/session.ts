import { remoteError } from "./errors";
import { type Launch, launch, READY } from "./launch";
import { noTerminal } from "./sudo-errors";
import type { Target, Transport } from "./types";
import { Wire, type WireTimes } from "./wire";

const START = "pulumi-acrn frame 1";

export type SessionOptions = WireTimes;

/** Where sudo turned out to demand a terminal: only the first session has to find out. */
const needTty = new WeakSet<Transport>();

/**
 * One run of a script: lines in, lines out, whatever it takes to become root. What is sent before the script has answered is kept, because
 * sudo may demand a terminal; then all starts again on one.
 */
export class Session {
  private tty = false;
  private begun = false;
  private pieces: Launch["stdin"] = [];
  private early = "";
  private first: string | undefined;
  private wire!: Wire;

  private constructor(
    private readonly target: Target,
    private readonly script: string,
    private readonly options: SessionOptions,
  ) {}

  /** Starts `script` on the target. */
  static async start(target: Target, script: string, options: SessionOptions = {}): Promise<Session> {
    const session = new Session(target, script, options);
    await session.open(needTty.has(target.transport));
    return session;
  }

  get label(): string {
    return this.target.transport.label;
  }

  send(text: string): void {
    if (!this.begun) this.early += text;
    if (this.pieces.length === 0) this.wire.send(text);
  }

  /** The next line after the start marker. */
  async line(): Promise<string> {
    if (!this.begun) await this.begin();
    const line = this.first ?? (await this.wire.line());
    this.first = undefined;
    if (line.startsWith("error ")) throw remoteError(this.label, line.slice(6), this.secret);
    return line;
  }

  /** Lets the script end and waits for that, but not for ever. Never throws. */
  async close(): Promise<void> {
    // No end of stdin comes through a terminal; to the script any word that it does not know is the end.
    if (this.tty && this.begun) this.wire.send("\nquit\n");
    else if (this.tty) this.wire.drop();
    await this.wire.close();
  }

  private get secret(): string | undefined {
    const { elevation } = this.target;
    return elevation.how === "sudo-password" ? elevation.password : undefined;
  }

  private async open(tty: boolean): Promise<void> {
    const { command, stdin } = launch(this.target.elevation, this.script, tty);
    const starting = this.target.transport.exec(command, { pty: tty });
    const process = await (tty ? starting.catch((cause: unknown) => noTerminal(this.label, cause)) : starting);
    this.wire = new Wire(this.label, process, this.options, this.secret);
    this.tty = tty;
    this.pieces = tty ? stdin : [];
    if (!tty) this.wire.send(stdin.join("") + this.early);
  }

  /** Skips what login shell and sudo print, up to the start marker and the line that follows it. */
  private async begin(): Promise<void> {
    for (let line = await this.wire.line(); line !== START; line = await this.wire.line()) {
      if (!this.tty) continue;
      if (line === READY) this.next();
      else this.wire.note(Buffer.from(`${line}\n`));
    }
    this.wire.begin();
    const first = await this.wire.line();
    if (first.startsWith("error sudo.tty ") && !this.tty) {
      needTty.add(this.target.transport);
      await this.wire.close();
      await this.open(true);
      return this.begin();
    }
    this.first = first;
    this.begun = true;
    this.early = "";
  }

  /** The far side reads: the next piece, and after the last of them what was to be sent meanwhile. */
  private next(): void {
    const [piece, ...rest] = this.pieces;
    if (piece === undefined) return;
    this.pieces = rest;
    this.wire.send(rest.length === 0 ? piece + this.early : piece);
  }
}
