import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { AcrnError } from "../../../provider/core/errors";
import { readSnapshot } from "../../../provider/host/snapshot";
import { transact } from "../../../provider/host/transaction";
import { change } from "../../host/helpers";
import { needs } from "../../support/needs";
import { Tally } from "../../support/tally";
import { SudoWorld, USER } from "./support/world";

const REQUEST = { scripts: [], files: ["/etc/a"] };

/** Passes bytes on, and drops both sides without a word once so many have gone either way. */
class Shears {
  private left = Number.POSITIVE_INFINITY;
  private readonly pairs = new Set<Socket>();
  private readonly server = createServer((client) => {
    const there = connect(this.to, "127.0.0.1");
    for (const [from, into] of [
      [client, there],
      [there, client],
    ] as const) {
      this.pairs.add(from);
      from.on("error", () => undefined);
      from.on("close", () => into.destroy());
      from.on("data", (chunk: Buffer) => this.pass(chunk, into));
    }
  });

  constructor(private readonly to: number) {}

  async start(): Promise<number> {
    await new Promise<void>((settle) => this.server.listen(0, "127.0.0.1", settle));
    return (this.server.address() as AddressInfo).port;
  }

  cutAfter(bytes: number): void {
    this.left = bytes;
  }

  /** How many bytes went since `cutAfter`. */
  since(bytes: number): number {
    return bytes - this.left;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.pairs) socket.destroy();
  }

  private pass(chunk: Buffer, into: Socket): void {
    this.left -= chunk.length;
    if (this.left > 0) return void into.write(chunk);
    this.left = Number.POSITIVE_INFINITY; // the next link holds
    for (const socket of this.pairs) socket.destroy();
    this.pairs.clear();
  }
}

for (const terminal of ["requiretty", "requiretty, use_pty"])
  describe(`a link that is cut under a terminal (${terminal})`, function () {
    this.timeout(120_000);
    let world: SudoWorld;
    let shears: Shears;
    let port: number;
    const tally = new Tally(`cut under ${terminal}`);
    before(async function () {
      needs(this, SudoWorld.missing() === undefined, SudoWorld.missing() ?? "");
      world = new SudoWorld();
      await world.start({ sudoers: [`Defaults ${terminal}`, `${USER} ALL=(root) NOPASSWD: /bin/sh`] });
      shears = new Shears(world.port);
      port = await shears.start();
    });
    after(async () => {
      shears?.stop();
      await world?.remove();
    });

    /** One transaction whose link is cut after so many bytes; returns how many went when it was not. */
    async function once(bytes: number): Promise<number> {
      const target = { transport: world.transport(port), elevation: { how: "auto" } as const };
      const file = join(world.tree, "etc/a");
      writeFileSync(file, "old");
      await readSnapshot(target, REQUEST); // finds out about the terminal
      shears.cutAfter(bytes);
      const end = await transact(
        target,
        REQUEST,
        () => [change("/etc/a", "old", "new")],
        { owner: "me" },
        { pause: 20 },
      ).then(
        () => "new",
        (error: unknown) =>
          error instanceof AcrnError && /^(link|frame)\.cut$|^ssh\./.test(error.code) ? "old" : String(error),
      );
      const went = shears.since(bytes);
      shears.cutAfter(Number.POSITIVE_INFINITY);
      // whoever comes next finds the lock free and nothing half done
      await transact(target, REQUEST, () => [], { owner: "next", lockWait: 20_000 });
      const left = existsSync(join(world.tree, "var"));
      const text = readFileSync(file, "utf8");
      tally.add(
        text !== "old" && text !== "new" ? "torn" : text === end && !left ? end : "lost",
        `${bytes}: ${text}, said ${end}`,
      );
      rmSync(join(world.tree, "var"), { recursive: true, force: true });
      return went;
    }

    it("leaves every file old or new, and nothing of ours", async () => {
      const whole = await once(1_000_000);
      assert.ok(whole > 4000, `${whole} bytes`);
      for (const part of [0.2, 0.4, 0.6, 0.75, 0.85, 0.95]) await once(Math.round(whole * part));
      tally.check();
    });
  });
