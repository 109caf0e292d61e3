import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { needs } from "../../support/needs";
import { shells } from "../helpers";
import { until } from "../ssh/support";
import { BOOT, PaperMachine } from "./support";

const MODEL = { pid: 4711, started: "99" };
const RECORD = "run/pulumi-acrn/vms/RT";
const AGREED = "run/pulumi-acrn/agreed/RT";
const MARKS = "var/lib/pulumi-acrn/cycling";

for (const { name, shell } of shells())
  describe(`a guest that agreed to go, under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    function machineOf(): PaperMachine {
      const machine = new PaperMachine(shell);
      machine.starts("RT", MODEL.pid, Number(MODEL.started));
      return machine;
    }

    it("its end is noted down though the client died before it could wait for it", async () => {
      const machine = machineOf();
      const { session, die } = await machine.client();
      await session.agrees("RT", MODEL, 30);
      assert.ok(await session.agreed("RT", MODEL));
      assert.ok(!(await session.agreed("RT", { ...MODEL, started: "98" })), "another process of that pid did not");
      die();
      machine.ends("RT", MODEL.pid, "by itself");
      await until(() => !machine.has(AGREED), "the watcher ends");
      assert.equal(machine.read(RECORD), `ended ${BOOT} 0\n`);
      await session.close();
    });

    /** What keeps an end from being a proof. */
    const unproved: [title: string, seconds: number, before: (machine: PaperMachine) => Promise<void>][] = [
      ["it was killed", 30, async (machine) => machine.ends("RT", MODEL.pid, "killed")],
      [
        "it said no after all",
        30,
        async (machine) => {
          const { session } = await machine.client();
          await session.denies("RT");
          await session.close();
          machine.ends("RT", MODEL.pid, "by itself");
        },
      ],
      [
        "its time is over",
        1,
        async (machine) => {
          await until(() => !machine.has(AGREED), "its time is over");
          machine.ends("RT", MODEL.pid, "by itself");
        },
      ],
    ];
    for (const [title, seconds, end] of unproved)
      it(`${title}: nothing is noted down`, async () => {
        const machine = machineOf();
        const { session, die } = await machine.client();
        await session.agrees("RT", MODEL, seconds);
        die();
        await end(machine);
        await until(() => !machine.has(AGREED), "the watcher ends");
        await sleep(2500); // it looks once a second, and leaves no trace of its end
        assert.ok(!machine.has(RECORD));
        await session.close();
      });

    it("it never goes: it is not to come back any more, unless somebody noted that down anew", async () => {
      const [machine, again] = [machineOf(), machineOf()];
      for (const each of [again, machine]) {
        const { session } = await each.client();
        await session.mark("RT");
        await session.agrees("RT", MODEL, 1);
        if (each === again) each.write(`${MARKS}/RT`, "of another run\n");
        assert.equal(await session.waitGone(MODEL, 1, { proves: "RT" }), "late");
        await session.close();
      }
      await until(() => !machine.has(MARKS), "the mark goes");
      assert.ok(again.has(`${MARKS}/RT`));
    });

    it("who runs and does not go is back; who is off, or goes, is not", async () => {
      const machine = machineOf();
      machine.starts("GOES", 4712, 98);
      const { session } = await machine.client();
      for (const vm of ["RT", "GOES", "OFF"]) await session.mark(vm);
      await session.agrees("GOES", { pid: 4712, started: "98" }, 30);
      assert.deepEqual(await session.back(), ["RT"]);
      assert.ok(!machine.has(`${MARKS}/RT`) && machine.has(`${MARKS}/GOES`) && machine.has(`${MARKS}/OFF`));
      machine.ends("GOES", 4712, "by itself");
      await session.close();
      await until(() => !machine.has("run/pulumi-acrn/agreed"), "the watcher ends");
    });

    it("a command's status 0 is its word, and any other is none", async () => {
      const machine = machineOf();
      const { session } = await machine.client();
      const run = (command: string) => session.run(command, { vm: "RT", model: MODEL, seconds: 30 });
      assert.equal((await run("echo no; exit 3")).status, 3);
      assert.ok(!(await session.agreed("RT", MODEL)));
      assert.equal((await run("exit 0")).status, 0);
      assert.ok(await session.agreed("RT", MODEL));
      machine.ends("RT", MODEL.pid, "by itself");
      assert.equal(await session.waitGone(MODEL, 5, { proves: "RT" }), "gone");
      assert.equal(machine.read(RECORD), `ended ${BOOT} 0\n`);
      await session.close();
      await until(() => !machine.has(AGREED), "the watcher ends");
    });
  });
