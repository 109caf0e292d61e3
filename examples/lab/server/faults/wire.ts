import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Gauge } from "./gauge";
import type { CutManner, Direction } from "./types";

/** What a connection asks of the faults of its host. */
export interface WireFaults {
  latencyMs: number;
  /** A cut happened on a connection; false: it must not, others were cut already. */
  mayCut(): boolean;
}

/** A cut that waits on one connection. */
export interface ArmedCut {
  direction: Direction;
  gauge: Gauge;
  manner: CutManner;
}

/** Stands between the TCP connection of a client and the SSH server, and can cut or delay what passes. */
export class FaultWire extends Duplex {
  private armed: ArmedCut[] = [];
  private dead = false;

  constructor(
    private readonly raw: Socket,
    private readonly faults: WireFaults,
  ) {
    super();
    raw.on("data", (chunk: Buffer) => this.late(() => this.toServer(chunk)));
    raw.on("end", () => this.late(() => this.dead || this.push(null)));
    raw.on("error", () => undefined); // its end follows
    raw.on("close", () => this.late(() => this.dead || this.destroy()));
    raw.pause();
  }

  arm(cut: ArmedCut): void {
    this.armed.push(cut);
  }

  disarm(): void {
    this.armed = [];
  }

  /** Whether the server still waits for a client that is gone. */
  get silent(): boolean {
    return this.dead && !this.destroyed;
  }

  override _read(): void {
    if (!this.dead) this.raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { part, manner } = this.measure("to-client", chunk);
    // the writer does not wait for the way, as in a socket's buffer
    this.late(() => {
      if (this.dead || this.raw.destroyed) return;
      if (part.length > 0) this.raw.write(part);
      if (manner) this.cut(manner);
    });
    done();
  }

  override _final(done: () => void): void {
    this.late(() => this.raw.end());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.raw.destroy();
    done(error);
  }

  private toServer(chunk: Buffer): void {
    if (this.dead || this.destroyed) return;
    const { part, manner } = this.measure("to-server", chunk);
    if (part.length > 0 && !this.push(part)) this.raw.pause();
    if (manner) this.cut(manner);
  }

  private measure(direction: Direction, chunk: Buffer): { part: Buffer; manner?: CutManner } {
    for (const { direction: wanted, gauge, manner } of this.armed) {
      if (wanted !== direction) continue;
      const passes = gauge.take(chunk);
      if (passes !== undefined && this.faults.mayCut()) return { part: chunk.subarray(0, passes), manner };
    }
    return { part: chunk };
  }

  /** What was written before still arrives (`end`, not `destroy`); then the client sees its connection closed. */
  private cut(manner: CutManner): void {
    this.dead = true;
    this.raw.removeAllListeners("data");
    this.raw.resume();
    this.raw.end(() => this.raw.destroy());
    if (manner === "silent") return;
    this.once("end", () => this.destroy());
    this.push(null);
  }

  private late(work: () => void): void {
    if (this.faults.latencyMs > 0) setTimeout(work, this.faults.latencyMs);
    else work();
  }
}
