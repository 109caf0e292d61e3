import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { PowerSession } from "../../../provider/host/power/session";
import { LEASE } from "../../../provider/host/scripts/claim";
import { powerScript } from "../../../provider/host/scripts/power";
import { needs } from "../../support/needs";
import { shells } from "../helpers";
import { LOCK, PaperMachine } from "./support";

const FOLDER = "run/pulumi-acrn/activation";

/** Asks until it is had, for half a minute. */
async function takes(session: PowerSession, who: string): Promise<void> {
  for (let round = 0; round < 300; round++) {
    if ((await session.take(who)) === undefined) return;
    await sleep(100);
  }
  assert.fail("the lock was not to be had");
}

for (const { name, shell } of shells())
  describe(`the lock of activations under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    it("is one's at a time; the other hears who has it and what he does; with the session it goes, and nothing stays", async () => {
      const machine = new PaperMachine(shell);
      const [one, two] = [await machine.client(), await machine.client()];
      assert.equal(await one.session.take("somebody, pid 1"), undefined);
      assert.equal(await one.session.take("somebody, pid 1"), undefined, "ours is ours");
      await one.session.doing("power-cycles RT");
      const other = await two.session.take("somebody else");
      assert.ok(other !== undefined && other !== "failed");
      assert.equal(other.who, "somebody, pid 1, power-cycles RT");
      assert.ok(other.seconds >= 0 && other.seconds < 60, `${other.seconds}`);
      await one.session.close();
      assert.equal(await two.session.take("somebody else"), undefined);
      await two.session.close();
      assert.ok(!machine.has(FOLDER));
    });

    it("a word that is no activation's needs none", async () => {
      const machine = new PaperMachine(shell);
      const { session } = await machine.client();
      assert.match((await session.bootId()) ?? "", /^1111/);
      assert.ok(!machine.has(FOLDER));
      await session.close();
    });

    const dead: [title: string, lock: string][] = [
      ["of another boot", "00000000-0000-0000-0000-000000000000 1 1\n7 a ghost\n"],
      ["that nobody wrote to the end", ""],
    ];
    for (const [title, lock] of dead)
      it(`one ${title} is nobody's, and one of many gets it`, async () => {
        const machine = new PaperMachine(shell);
        machine.write(LOCK, lock);
        const clients = await Promise.all(Array.from({ length: 6 }, () => machine.client()));
        const had: PowerSession[] = [];
        for (let round = 0; round < 50 && had.length === 0; round++) {
          const ends = await Promise.all(clients.map(({ session }) => session.take("me")));
          had.push(...clients.flatMap(({ session }, at) => (ends[at] === undefined ? [session] : [])));
        }
        assert.equal(had.length, 1);
        await Promise.all(clients.map(({ session }) => session.close()));
        assert.ok(!machine.has(FOLDER));
      });

    /** How its owner ends, while he waits for a guest that does not go or for the next word. */
    const ends: [title: string, waits: boolean, end: (machine: PaperMachine, die: () => void) => void][] = [
      ["its client dies between two words", false, (_machine, die) => die()],
      ["its client dies while it waits for a guest", true, (_machine, die) => die()],
      ["its shell is killed between two words", false, ({ holder }) => void process.kill(holder, "SIGKILL")],
      ["its shell is killed while it waits for a guest", true, ({ holder }) => void process.kill(holder, "SIGKILL")],
      ["its shell is told to go", true, ({ holder }) => void process.kill(holder, "SIGTERM")],
    ];
    for (const [title, waits, end] of ends)
      it(`goes when ${title}`, async () => {
        const machine = new PaperMachine(shell);
        machine.starts("RT", 4711, 99);
        const [one, two] = [await machine.client(), await machine.client()];
        assert.equal(await one.session.take("one"), undefined);
        const waiting = waits
          ? one.session.waitGone({ pid: 4711, started: "99" }, 50).catch(() => undefined)
          : undefined;
        end(machine, one.die);
        await takes(two.session, "two");
        await waiting;
        await Promise.all([one.session.close(), two.session.close()]);
        assert.ok(!machine.has(FOLDER));
      });

    it("goes when its client says nothing for too long", async () => {
      const machine = new PaperMachine(shell);
      const [one, two] = [
        await machine.client(powerScript().replace(`-lt ${LEASE}`, () => "-lt 5")),
        await machine.client(),
      ];
      assert.equal(await one.session.take("one"), undefined);
      await takes(two.session, "two");
      await Promise.all([one.session.close(), two.session.close()]);
    });

    it("is not held by what its owner started", async () => {
      const machine = new PaperMachine(shell);
      const [one, two] = [await machine.client(), await machine.client()];
      assert.equal(await one.session.take("one"), undefined);
      const { said } = await one.session.run("sleep 60 >/dev/null 2>&1 & echo $!");
      try {
        await one.session.close();
        await takes(two.session, "two");
        process.kill(Number(said), 0);
      } finally {
        process.kill(Number(said), "SIGKILL");
        await two.session.close();
      }
    });
  });
