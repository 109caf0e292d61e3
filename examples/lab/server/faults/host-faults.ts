import type { Socket } from "node:net";
import { join } from "node:path";
import { byteCount } from "./gauge";
import { armKill, disarmKill, killed } from "./kill-stub";
import type { Cut, Faults, Kill } from "./types";
import { FaultWire, type WireFaults } from "./wire";

/** The faults of one lab host. */
export class HostFaults implements Faults, WireFaults {
  delayMs: number;
  latencyMs = 0;
  refuseLogin = false;
  cuts = 0;
  private left = 0;
  private armed: Cut | undefined;
  private readonly wires = new Set<FaultWire>();

  /** @param state where the host keeps its key and stub commands */
  constructor(
    private readonly state: string,
    delayMs: number,
    readonly changeHostKey: () => void,
  ) {
    this.delayMs = delayMs;
  }

  /** Puts itself between a new connection and the server. */
  between(raw: Socket): FaultWire {
    const wire = new FaultWire(raw, this);
    this.wires.add(wire);
    wire.once("close", () => this.wires.delete(wire));
    this.arm(wire);
    return wire;
  }

  cut(cut: Cut): void {
    this.armed = cut;
    this.left = cut.connections ?? 1;
    for (const wire of this.wires) {
      wire.disarm();
      if (cut.from === "now") this.arm(wire);
    }
  }

  mayCut(): boolean {
    if (this.left <= 0) return false;
    this.left--;
    this.cuts++;
    return true;
  }

  release(): void {
    for (const wire of this.wires) if (wire.silent) wire.destroy();
  }

  killScript(kill: Kill): void {
    armKill(this.bin, this.state, kill);
  }

  get kills(): number {
    return killed(this.state) ? 1 : 0;
  }

  heal(): void {
    this.delayMs = 0;
    this.latencyMs = 0;
    this.refuseLogin = false;
    this.armed = undefined;
    this.left = 0;
    for (const wire of this.wires) wire.disarm();
    disarmKill(this.bin);
    this.release();
  }

  private get bin(): string {
    return join(this.state, "bin");
  }

  private arm(wire: FaultWire): void {
    if (!this.armed || this.left <= 0) return;
    const { direction, after, manner = "both" } = this.armed;
    wire.arm({ direction, manner, gauge: typeof after === "number" ? byteCount(after) : after() });
  }
}
