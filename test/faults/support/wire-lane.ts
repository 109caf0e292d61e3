import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lab, type LabHost, startLab } from "../../../examples/lab/lab";
import { COUNTABLE, PacketCount, packetEnd } from "../../../examples/lab/server/faults/packets";
import type { CutManner, Direction } from "../../../examples/lab/server/faults/types";
import { apply } from "../../../provider/converge/apply";
import { Machine } from "../../../provider/converge/machine";
import { Pool } from "../../../provider/host/ssh/pool";
import { transact } from "../../../provider/host/transaction";
import type { Target } from "../../../provider/host/types";
import type { Connection } from "../../../provider/resources/host-settings";
import { temporary } from "../../host/helpers";
import type { Tally } from "../../support/tally";
import { judgeTold, nextContact, type Told, toldBy } from "./judge";
import { OWNER, REQUEST, type World } from "./world";

/** Where a wire is cut: so many bytes from the end of the n-th packet, or from the start. */
export interface WirePoint {
  direction: Direction;
  manner: CutManner;
  at: { packet: number; offset: -1 | 0 | 1 } | { byte: number };
}

const nameOf = ({ direction, manner, at }: WirePoint): string =>
  `${direction}, ${manner}, ${"byte" in at ? `byte ${at.byte}` : `packet ${at.packet} ${at.offset}`}`;

/** One lab host of its own, for one try after the other: several lanes work side by side. */
export class WireLane {
  private constructor(
    private readonly lab: Lab,
    private readonly host: LabHost,
    private readonly what: "apply" | "transact",
  ) {}

  /** @param what the whole of the product's way (read, plan, lock, read, commit, verify), or from the lock on */
  static async open(what: "apply" | "transact" = "apply"): Promise<WireLane> {
    const dir = temporary();
    const lab = await startLab({
      dir: join(dir, "lab"),
      hosts: [{ name: "cell", dir: join(dir, "tree"), ciphers: [COUNTABLE] }],
    });
    return new WireLane(lab, lab.host("cell"), what);
  }

  close(): Promise<void> {
    return this.lab.close();
  }

  /** How many packets, and how many bytes, the whole of it takes in a direction. */
  async learn(world: World, direction: Direction): Promise<{ packets: number; bytes: number }> {
    const packets = new PacketCount();
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      return packets.take(chunk);
    };
    this.host.faults.cut({ direction, after: () => ({ take }) });
    assert.equal(await this.change(world), "new");
    await this.quiet();
    return { packets: packets.count, bytes };
  }

  /** Cuts it, and judges after the next contact. False where the run ended before the point came. */
  async try(world: World, point: WirePoint, tally: Tally): Promise<boolean> {
    const { faults, dir } = this.host;
    const { direction, manner, at } = point;
    const before = faults.cuts;
    const after = "byte" in at ? at.byte : () => packetEnd(at.packet, at.offset);
    faults.cut({ direction, manner, after });
    const told = await this.change(world);
    const cut = faults.cuts > before;
    faults.heal();
    await nextContact(dir);
    await this.quiet();
    if (!cut) {
      assert.equal(told, "new", `${nameOf(point)}: nothing was cut, and yet it failed`);
      return false;
    }
    const { end, why } = judgeTold(dir, world, told);
    tally.add(end, `${nameOf(point)}: ${why}`);
    return true;
  }

  /** Over one connection that nobody else has. */
  private async change(world: World): Promise<Told> {
    world.layInto(this.host.dir);
    const connection = this.lab.connection("cell");
    // idleMs: on a busy machine the connection would end between read and write, and the count with it
    const target: Target = {
      transport: new Pool({ idleMs: 60_000 }).transport(connection),
      elevation: { how: "auto" },
    };
    const machine = new Machine({ connection: connection as Connection });
    machine.target = () => target;
    const done =
      this.what === "apply"
        ? apply(machine, { plan: world.plan })
        : transact(target, REQUEST, () => world.changes, OWNER);
    return done.then(({ changed }) => (changed ? "new" : "old"), toldBy);
  }

  /** What still runs for a client that is gone has ended. */
  private async quiet(): Promise<void> {
    this.host.drop();
    for (let round = 0; this.lab.commands() > 0; round++) {
      assert.ok(round < 1000, `commands do not end: ${this.lab.processes()}`);
      await sleep(10);
    }
  }
}
