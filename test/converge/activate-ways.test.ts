import assert from "node:assert/strict";
import { which } from "../host/ssh/which";
import { RT } from "../lab/support/cell";
import { withLifeMngr } from "../lab/support/life-mngr";
import { needs } from "../support/needs";
import { type ActivationCell, failure, on } from "./support/activation-cell";

const CYCLE = ["rtvm-power-cycle"];
const REBOOT = ["host-reboot"];
const MARKS = "var/lib/pulumi-acrn/cycling";

const life = (host: ActivationCell, allow: string[]) => host.args(allow, { guests: { [RT]: { lifeMngr: true } } });

/** A command of the host after which the guest goes down. */
async function withCommand(host: ActivationCell, work: (command: string) => Promise<void>): Promise<void> {
  const { cell } = host;
  let asked: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    if (asked === undefined && cell.has("asked")) asked = cell.in(RT, "poweroff").catch(() => undefined);
  }, 20);
  try {
    await work(": >$PULUMI_ACRN_ROOT/asked; echo it goes");
    await asked;
  } finally {
    clearInterval(timer);
  }
}

describe("a guest is shut down by a command", function () {
  this.timeout(120_000);

  it(
    "whose status 0 is its word: the end is a proof, also of a launch by hand, and the host reboots",
    on(async (host) => {
      await host.toReboot();
      await withCommand(host, async (command) => {
        await host.run(host.args(REBOOT, { guests: { [RT]: { command } } }));
      });
      assert.deepEqual(host.cell.machine.vms()[0]?.pcpus, [2, 3]);
      assert.deepEqual(host.events(/^(dark|orphan)/), []);
    }),
  );

  it(
    "that fails: it runs on, and what the command said is told",
    on(async (host) => {
      await host.toCycle();
      const guests = { [RT]: { command: "echo not before noon >&2; exit 3" } };
      const error = await failure(host.run(host.args(CYCLE, { guests })));
      assert.equal(error.code, "power.refused");
      assert.match(error.message, /the command that shuts it down failed \(status 3\): not before noon/);
      assert.equal(host.cell.machine.vms().length, 1);
      assert.ok(!host.cell.has(MARKS));
    }),
  );
});

describe("a guest is shut down by life_mngr", function () {
  this.timeout(120_000);
  before(async function () {
    needs(this, (await which("python3")) || (await which("socat")), "neither python3 nor socat");
  });

  it(
    "a power cycle of a launch by hand: no proof, and the launch decides",
    on(async (host) => {
      await host.toCycle("edited");
      await withLifeMngr(host.cell, [RT], async () => {
        assert.match((await host.run(life(host, CYCLE))).join(), /was power-cycled/);
      });
      assert.ok(host.cell.machine.vms()[0]?.args.join(" ").includes("-m 2048M"));
    }),
  );

  it(
    "a reboot of the host after a launch by hand: it is not proved off, and the next run starts it",
    on(async (host) => {
      await host.toReboot();
      await withLifeMngr(host.cell, [RT], async () => {
        const error = await failure(host.run(life(host, REBOOT)));
        assert.equal(error.code, "power.unproved");
        assert.match(error.message, /life_mngr passed it on, and its guest did not answer/);
      });
      assert.deepEqual(host.events(/^(reboot|dark)/), []);
      assert.deepEqual(host.cell.machine.vms(), []);
      assert.ok(host.cell.has(`${MARKS}/${RT}`));
    }),
  );

  it(
    "a reboot of the host after a launch of ours: its record is the proof",
    on(async (host) => {
      await host.toCycle();
      await host.run(host.args(CYCLE));
      await host.toReboot();
      await withLifeMngr(host.cell, [RT], async () => {
        await host.run(life(host, REBOOT));
      });
      assert.deepEqual(host.cell.machine.vms()[0]?.pcpus, [2, 3]);
    }),
  );

  it(
    "off since an earlier run that could not prove it: life_mngr knows it no more, and the launch decides",
    on(async (host) => {
      await host.toCycle("edited");
      host.cell.write(`${MARKS}/${RT}`, "1 1\n");
      await host.cell.in(RT, "poweroff");
      await host.cell.happened(`power-off ${RT}`);
      await withLifeMngr(host.cell, [], async () => {
        assert.match((await host.run(life(host, CYCLE))).join(), /was power-cycled|was started/);
      });
      assert.ok(!host.cell.has(MARKS));
    }),
  );

  const deaf: [title: string, connected: string[] | undefined, says: RegExp][] = [
    ["that does not reach it", [], /life_mngr did not pass it on: user_vm_disconnect/],
    ["that is not there", undefined, /life_mngr did not pass it on: .*(No such file|not there)/],
  ];
  for (const [title, connected, says] of deaf)
    it(
      `${title}: it runs on`,
      on(async (host) => {
        await host.toCycle();
        const refused = async () => {
          const error = await failure(host.run(life(host, CYCLE)));
          assert.equal(error.code, "power.refused");
          assert.match(error.message, says);
        };
        await (connected ? withLifeMngr(host.cell, connected, refused) : refused());
        assert.equal(host.cell.machine.vms().length, 1);
        assert.ok(!host.cell.has(MARKS));
      }),
    );
});
