import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PowerSession } from "../../provider/host/power/session";
import { RT } from "../lab/support/cell";
import { type ActivationCell, failure, on } from "./support/activation-cell";

const slow = (afterMs: number) => ({ guests: { [RT]: { address: "192.168.1.10", powerOff: { afterMs } } } });
const CYCLE = ["rtvm-power-cycle"];

/** A run that has come to the point where it says that. */
function begun(host: ActivationCell, allow: string[], at: RegExp): { reached: Promise<void>; done: Promise<string[]> } {
  let reach = () => {};
  const reached = new Promise<void>((settle) => {
    reach = settle;
  });
  const progress = (what: string) => {
    if (at.test(what)) reach();
  };
  const done = host.run(host.args(allow), { progress });
  return { reached: Promise.race([reached, done.then(() => undefined)]), done };
}

describe("one activation at a time", function () {
  this.timeout(120_000);

  it(
    "a second one is refused before it interrupts anything, with who is at it and what he does",
    on(async (host) => {
      await host.toCycle();
      const first = begun(host, CYCLE, /asking the guest/);
      await first.reached;
      const error = await failure(host.run(host.args(CYCLE), { patience: 0 }));
      assert.equal(error.code, "power.busy");
      assert.match(
        error.message,
        /another activation is at work: pulumi-acrn \S+ pid \d+, power-cycles POST_RT_VM1, since \d+ s/,
      );
      assert.match(error.message, /Nothing was interrupted\. Wait for it/);
      assert.match((await first.done).join(), /was power-cycled/);
      assert.equal(host.events(/^power-off/).length, 1);
      assert.ok(!host.cell.has("run/pulumi-acrn/activation"));
    }, slow(4000)),
  );

  it(
    "one that was planned before the other was done has nothing left to do",
    on(async (host) => {
      await host.toCycle();
      const first = begun(host, CYCLE, /asking the guest/);
      await first.reached;
      const said: string[] = [];
      const second = host.run(host.args(CYCLE), { patience: 60_000, progress: (what) => said.push(what) });
      assert.match((await first.done).join(), /was power-cycled/);
      assert.deepEqual(await second, []);
      assert.equal(host.events(/^power-off/).length, 1);
      assert.match(said.join(), /checking whether it is free: pulumi-acrn/);
    }, slow(1500)),
  );

  it(
    "a machine that was told to reboot is its client's no more: whoever comes before it goes is refused",
    on(
      async (host) => {
        const { cell } = host;
        const first = await PowerSession.open(host.machine().target());
        assert.equal(await first.take("somebody"), undefined);
        await first.ask(["hold"]);
        assert.equal(await first.reboot(), undefined);
        await first.close(); // its client is gone
        const second = await PowerSession.open(host.machine().target());
        const other = await second.take("somebody else");
        assert.ok(typeof other === "object", "the lock is held");
        assert.match(other.who, /^somebody, the machine was told to reboot$/);
        await cell.happened("boot");
        await second.close();
        assert.ok(!cell.has("run/pulumi-acrn"), "it died with the boot");
      },
      { shutdownMs: 12_000 },
    ),
  );

  it(
    "another run that comes in between after the boot: it is said, and what is to come back comes back",
    on(async (host) => {
      const { cell } = host;
      await host.toReboot();
      let other: PowerSession | undefined;
      let taken: Promise<unknown> = Promise.resolve();
      cell.machine.listeners.add((event) => {
        if (event !== "boot") return;
        taken = PowerSession.open(host.machine().target()).then((session) => {
          other = session;
          return session.take("somebody else");
        });
      });
      const error = await failure(host.run(host.args(["host-reboot"]), { patience: 0 }));
      assert.equal(await taken, undefined);
      assert.equal(error.code, "power.busy");
      assert.match(error.message, /somebody else/);
      assert.match(error.message, /The host was rebooted, and POST_RT_VM1 noted down to be started/);
      assert.deepEqual(cell.machine.vms(), []);
      await other?.close();
      assert.match((await host.run(host.args(CYCLE))).join(), /POST_RT_VM1 was started/);
      assert.ok(!cell.has("var/lib/pulumi-acrn/cycling"));
    }),
  );
});

describe("an activation behind its reboot", function () {
  this.timeout(120_000);

  it(
    "waits for another run that came in between for longer than any waits in front of it",
    on(async (host) => {
      const { cell } = host;
      await host.toReboot();
      let went: Promise<unknown> = Promise.resolve();
      cell.machine.listeners.add((event) => {
        if (event !== "boot") return;
        went = PowerSession.open(host.machine().target()).then(async (session) => {
          assert.equal(await session.take("somebody else"), undefined);
          await sleep(12_000); // more than the patience that is the default (alone.ts)
          await session.close();
        });
      });
      assert.match((await host.run(host.args(["host-reboot"]))).join(), /POST_RT_VM1 runs again/);
      await went;
    }),
  );
});

describe("an activation is gone on with", function () {
  this.timeout(120_000);

  it(
    "a guest that agreed to an earlier run is awaited and not asked again",
    on(async (host) => {
      await host.toCycle("edited");
      const early = { limits: { powerOff: 30, launch: 20, reboot: 30 } };
      const dead = await PowerSession.open(host.machine().target());
      const model = await dead.deviceModel(RT);
      assert.ok(model);
      await dead.mark(RT);
      await dead.agrees(RT, model, 30);
      await dead.close();
      await host.cell.in(RT, "poweroff");
      const said: string[] = [];
      const did = await host.run(host.args(CYCLE, early), { progress: (what) => said.push(what) });
      assert.match(did.join(), /was power-cycled/);
      assert.match(said.join(), /its guest agreed before, and is awaited/);
      assert.doesNotMatch(said.join(), /asking the guest/);
    }, slow(6000)),
  );

  it(
    "the power goes in the middle of a power cycle: the same process goes on, through any address",
    on(async (host) => {
      const { cell } = host;
      await host.toCycle();
      const [one, other] = [host.machine(), host.machine({ scripts: ["/root/elsewhere"] })];
      await Promise.all([one.draft(), other.draft()]);
      let cut: Promise<void> = Promise.resolve();
      const listener = (event: string) => {
        if (event === `power-off ${RT}`) cut = cell.machine.powerCut();
      };
      cell.machine.listeners.add(listener);
      await failure(host.run(host.args(CYCLE)));
      cell.machine.listeners.delete(listener);
      await cut;
      for (const machine of [one, other]) {
        machine.forget();
        await machine.draft();
      }
      await host.declare({ memory: "2G" });
      assert.match((await host.run(host.args(CYCLE))).join(), /POST_RT_VM1 was started/);
    }),
  );

  it(
    "a guest that says no runs on, and is not to come back, even if an earlier run had noted that down",
    on(async (host) => {
      await host.toCycle();
      host.cell.write(`var/lib/pulumi-acrn/cycling/${RT}`, "1 1\n");
      const guests = { [RT]: { command: "echo not now; exit 3" } };
      const error = await failure(host.run(host.args(CYCLE, { guests })));
      assert.equal(error.code, "power.refused");
      assert.ok(!host.cell.has("var/lib/pulumi-acrn/cycling"));
    }),
  );
});
