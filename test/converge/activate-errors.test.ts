import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { alone } from "../../provider/converge/activate/alone";
import { perform } from "../../provider/converge/activate/perform";
import type { PowerVm, Step } from "../../provider/core/acrn/power/steps";
import { PowerSession } from "../../provider/host/power/session";
import { RT } from "../lab/support/cell";
import { type ActivationCell, failure, on } from "./support/activation-cell";

const MARKS = "var/lib/pulumi-acrn/cycling";

/** These steps, whatever is pending. */
async function steps(host: ActivationCell, todo: readonly Step[]): Promise<string[]> {
  const machine = host.machine();
  const { guests, limits } = host.args([], { limits: { powerOff: 15, launch: 3, reboot: 30 } });
  const who = { owner: "a test", progress: () => {} };
  const held = { session: await PowerSession.open(machine.target()) };
  try {
    await alone(held.session, { ...who, stands: "" });
    const { connection } = machine.settings;
    return await perform(todo, held, { ...who, target: machine.target(), connection, guests, limits });
  } finally {
    await held.session.close();
  }
}

const off = (name: string): PowerVm => ({
  name,
  liveness: { state: "off", why: "it is" },
  launcher: `/nowhere/${name}.sh`,
  comesBack: true,
});

describe("what an activation fails with", function () {
  this.timeout(120_000);

  it(
    "a machine that does not tell its boot id: nothing is begun",
    on(async (host) => {
      rmSync(host.cell.path("proc/sys/kernel/random/boot_id"));
      const error = await failure(steps(host, [{ act: "host-reboot", vms: [] }]));
      assert.equal(error.code, "power.boot-id");
      assert.match(error.message, /Nothing was interrupted/);
      assert.deepEqual(host.events(/^reboot/), []);
    }),
  );

  it(
    "a machine that refuses to reboot: what went off runs again, and launches are held no more",
    on(
      async (host) => {
        await host.toReboot();
        const error = await failure(host.run(host.args(["host-reboot"])));
        assert.equal(error.code, "power.not-rebooted");
        assert.match(error.message, /POST_RT_VM1 went off before and was started again; the host was not rebooted/);
        assert.match(error.message, /the command for it failed/);
        assert.equal(host.cell.machine.vms().length, 1);
        for (const left of [MARKS, "run/pulumi-acrn/hold", "run/pulumi-acrn/activation"])
          assert.ok(!host.cell.has(left), left);
      },
      { broken: { reboot: "Failed to talk to init daemon." } },
    ),
  );

  it(
    "several VMs that do not start after the reboot: each is named, and is to come back",
    on(async (host) => {
      for (const name of ["A", "B"]) host.cell.write(`${MARKS}/${name}`, "1 1\n");
      const error = await failure(steps(host, [{ act: "host-reboot", vms: [off("A"), off("B")] }]));
      assert.equal(error.code, "power.launch");
      assert.match(
        error.message,
        /the host was rebooted\. A is off and did not start.*\n.*B is off and did not start/s,
      );
      assert.match(error.message, /0 of 2 real-time VMs run again/);
      for (const name of ["A", "B"]) assert.ok(host.cell.has(`${MARKS}/${name}`), name);
    }),
  );

  it(
    "update-grub that fails: its words are told, and nothing after it is begun",
    on(
      async (host) => {
        await host.cell.launch(RT);
        for (const vm of [RT, "GONE"]) host.cell.write(`${MARKS}/${vm}`, "1 1\n");
        const error = await failure(steps(host, [{ act: "update-grub" }, { act: "host-reboot", vms: [] }]));
        assert.equal(error.code, "power.update-grub");
        assert.match(error.message, /update-grub failed with status 1: cannot find a device for \//);
        assert.match(error.message, /Nothing was interrupted/);
        assert.deepEqual(host.events(/^reboot/), []);
        assert.ok(!host.cell.has(`${MARKS}/${RT}`), "it runs, so it is not to come back");
        assert.ok(host.cell.has(`${MARKS}/GONE`));
      },
      { broken: { "update-grub": "cannot find a device for /" } },
    ),
  );

  it(
    "what was done before is said",
    on(
      async (host) => {
        const error = await failure(steps(host, [{ act: "update-grub" }, { act: "host-reboot", vms: [] }]));
        assert.equal(error.code, "power.not-rebooted");
        assert.match(error.message, /^done before: GRUB's menu was made anew\. Then/);
      },
      { broken: { reboot: "no" } },
    ),
  );
});
