import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import type { AcrnError } from "../../../core/errors";
import type { ExecOptions, RemoteProcess } from "../../types";
import { lost, noSession, noStatus } from "./errors";
import { KeepAlive } from "./keepalive";
import type { LinkOptions } from "./options";
import { type LinkedProcess, linkedProcess } from "./process";
import { RAW_TTY } from "./pty";
import { Gone, Slots } from "./slots";

/** sshd allows 10 sessions a connection (MaxSessions in sshd_config(5)); two are left for whoever shares it. */
const MAX_SESSIONS = 8;
const IDLE_MS = 2_000;
const START_MS = 60_000;
const CLOSE_MS = 5_000;

/**
 * One live connection. While nothing runs on it, neither its socket nor a timer keeps the process up (there is no
 * dispose hook in a provider process), and after a while it is closed.
 */
export class Connection {
  closed = false;
  private readonly slots = new Slots(MAX_SESSIONS);
  private readonly processes = new Set<LinkedProcess>();
  /** Sessions that are being opened. */
  private readonly starting = new Set<(error: AcrnError) => void>();
  private readonly keepAlive: KeepAlive;
  private busy = 0;
  private forwards = 0;
  private idle: NodeJS.Timeout | undefined;
  private cause: Error | undefined;

  constructor(
    private readonly client: Client,
    private readonly options: LinkOptions,
    private readonly onClose: () => void,
  ) {
    this.keepAlive = new KeepAlive(
      client,
      () => this.fail(new Error("no answer to keep-alive messages")),
      options.times.keepAliveMs,
      options.times.keepAliveCount,
    );
    client.on("error", (error) => {
      this.cause ??= error;
    });
    client.on("close", () => this.gone());
    this.rest();
  }

  /** Starts a command. Throws `Gone` when the connection ended before anything was sent. */
  async exec(command: string, options: ExecOptions = {}): Promise<RemoteProcess> {
    if (this.closed) throw new Gone();
    this.hold();
    try {
      for (;;) {
        await this.slots.take();
        const started = await this.start(command, options);
        if (started !== "full") return started;
      }
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** A connection from the machine to another one (direct-tcpip, RFC 4254 section 7.2). */
  async forward(host: string, port: number): Promise<Duplex> {
    const channel = await new Promise<Duplex>((settle, reject) => {
      this.client.forwardOut("127.0.0.1", 0, host, port, (error, stream) => (error ? reject(error) : settle(stream)));
    });
    this.forwards++;
    channel.once("close", () => {
      this.forwards--;
      if (this.busy === 0) this.rest();
    });
    return channel;
  }

  /** Something is under way that the process has to wait for. */
  hold(): void {
    if (this.busy++ > 0) return;
    clearTimeout(this.idle);
    this.options.socket?.ref();
    this.options.jump?.hold();
    this.keepAlive.start();
  }

  release(): void {
    if (this.closed || --this.busy > 0) return;
    this.keepAlive.stop();
    this.options.jump?.release();
    this.rest();
  }

  private rest(): void {
    this.options.socket?.unref();
    clearTimeout(this.idle);
    if (this.closed || this.forwards > 0) return;
    this.idle = setTimeout(() => this.retire(), this.options.times.idleMs ?? IDLE_MS).unref();
  }

  /**
   * Gone at once for whoever comes now: between our goodbye and its effect nothing can be started. A server that does not answer it with
   * its own would leave us a socket that is half closed, for ever (tcp(7), tcp_fin_timeout, is for those without a process).
   */
  private retire(): void {
    this.gone();
    this.client.end();
    setTimeout(() => this.options.stream.destroy(), this.options.times.closeMs ?? CLOSE_MS).unref();
  }

  /** One attempt to open a session; `full` when the server allows fewer than are open now. */
  private start(command: string, { pty }: ExecOptions): Promise<RemoteProcess | "full"> {
    return new Promise((settle, reject) => {
      if (this.closed) return reject(new Gone());
      const timer = setTimeout(
        () => this.fail(new Error("the server did not start the command")),
        this.options.times.startMs ?? START_MS,
      );
      /** True once: a server may answer what we have given up. */
      const over = (): boolean => {
        clearTimeout(timer);
        return this.starting.delete(lost);
      };
      const lost = (error: AcrnError): void => {
        if (over()) reject(error);
      };
      this.starting.add(lost);
      try {
        this.client.exec(command, pty ? { pty: RAW_TTY } : {}, (error, channel) => {
          if (!over()) return;
          if (!error) settle(this.adopt(channel));
          else if (this.cause) reject(this.lostError());
          else this.refused(error, settle, reject);
        });
      } catch {
        over();
        this.gone();
        reject(new Gone()); // "Not connected": thrown before anything is sent
      }
    });
  }

  /** No session: too many are open, or the server wants none. */
  private refused(
    error: Error & { reason?: unknown },
    settle: (full: "full") => void,
    reject: (error: AcrnError) => void,
  ): void {
    const full = error.reason !== undefined && this.slots.sink();
    this.slots.give();
    if (full) settle("full");
    else reject(noSession(this.options.label, error));
  }

  private adopt(channel: ClientChannel): RemoteProcess {
    const process = linkedProcess(channel, {
      noStatus: () => (this.closed ? this.lostError() : noStatus(this.options.label)),
      closed: () => {
        this.processes.delete(process);
        this.slots.give();
        this.release();
      },
      closeMs: this.options.times.closeMs ?? CLOSE_MS,
    });
    this.processes.add(process);
    return process;
  }

  /** Broken off. Not told by the stream's end alone: a jump host closes its channel only once the target has taken what it still holds for it. */
  private fail(error: Error): void {
    this.cause ??= error;
    this.options.stream.destroy();
    this.gone();
  }

  private gone(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.idle);
    this.keepAlive.stop();
    if (this.busy > 0) this.options.jump?.release();
    this.slots.close();
    this.onClose();
    for (const lost of this.starting) lost(this.lostError());
    for (const process of this.processes) process.lost(this.lostError());
  }

  private lostError(): AcrnError {
    return lost(this.options.label, this.cause);
  }
}
