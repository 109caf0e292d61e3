import { Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { AcrnError } from "../../../core/errors";
import type { RemoteProcess } from "../../types";

/** A process on the other side, and what the link tells it. */
export interface LinkedProcess extends RemoteProcess {
  /** The link broke: rejects `exit` unless the status has come. */
  lost(error: AcrnError): void;
}

/** What a process needs of its link. */
export interface ProcessLink {
  noStatus: () => AcrnError;
  /** Called once, when the session is over for us. */
  closed: () => void;
  /** How long the server may take to close a session that is over. */
  closeMs: number;
}

/**
 * A channel as a process. Must be made in the callback that hands out the channel: its exit status may already be in the
 * same packet.
 */
export function linkedProcess(channel: ClientChannel, link: ProcessLink): LinkedProcess {
  const stdin = new ChannelInput(channel);
  let settle!: (value: { code: number | undefined; signal?: string }) => void;
  let reject!: (error: AcrnError) => void;
  const exit = new Promise<{ code: number | undefined; signal?: string }>((...handlers) => {
    [settle, reject] = handlers;
  });
  exit.catch(() => {}); // who reads only the output must not crash on it
  channel.on("exit", (code: number | null, signal?: string) => {
    settle(code === null ? { code: undefined, signal: signal ?? "unknown" } : { code });
  });
  channel.on("error", () => {}); // writes after the end; `exit` tells what happened
  whenOver(channel, link.closeMs, () => {
    stdin.cut();
    reject(link.noStatus()); // no effect once the status has come
    link.closed();
  });
  const lost = (error: AcrnError): void => {
    stdin.cut();
    reject(error);
  };
  return { stdin, stdout: channel, stderr: channel.stderr, exit, lost };
}

/**
 * Calls `over` once, when the server has closed the channel, or when it should have and does not: after the end of the output with the
 * exit status, and after we have closed. Else its place, the keep-alive and the process would be held for as long as it likes.
 */
function whenOver(channel: ClientChannel, closeMs: number, over: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  const finish = (): void => {
    clearTimeout(timer);
    if (done) return;
    done = true;
    over();
  };
  const late = (): void => {
    timer ??= setTimeout(() => {
      channel.close();
      finish();
    }, closeMs);
  };
  const ended = new Set<string>();
  const part = (name: string) => (): void => {
    if (ended.add(name).size === 2) late();
  };
  channel.on("exit", part("status")).on("end", part("output")).on("close", finish);
  // ssh2's destroy only asks the server to close; it tells nobody that it was called
  const destroy = channel.destroy.bind(channel);
  channel.destroy = (...args: Parameters<typeof destroy>) => {
    if (!done) late();
    return destroy(...args);
  };
}

/**
 * The channel's input as a stream that always settles: ssh2 drops the callback of a write when the channel goes, so a
 * pipeline into it would wait for ever when the command ends without reading everything.
 */
class ChannelInput extends Writable {
  private pending: ((error?: Error) => void) | undefined;

  constructor(private readonly channel: ClientChannel) {
    super({ highWaterMark: 256 * 1024 });
    this.on("error", () => {}); // as with a child's stdin, EPIPE is normal; unheard it would end the process
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.pending = done;
    this.channel.write(chunk, (error) => {
      if (this.pending !== done) return;
      this.pending = undefined;
      done(error ?? undefined);
    });
  }

  override _final(done: () => void): void {
    this.channel.end();
    done();
  }

  /** A consumer that gives up closes the channel: the command sees its pipes closed. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.channel.destroy(); // a finished stream destroys itself too
    done(error);
  }

  /** Nothing more can be written. */
  cut(): void {
    if (this.writableFinished || this.destroyed) return;
    const unsent = this.pending !== undefined || this.writableLength > 0;
    this.destroy(
      unsent
        ? Object.assign(new Error("the command ended without reading all its input"), { code: "EPIPE" })
        : undefined,
    );
  }
}
