import assert from "node:assert/strict";
import { Machine } from "../../provider/converge/machine";
import type { AcrnError } from "../../provider/core/errors";
import { isEmpty } from "../../provider/core/plan/types";
import type { Connection } from "../../provider/resources/host-settings";
import { type Bare, withBare } from "../lab/support/bare";
import { create, destroy, FRAGMENT, planOf } from "./support/live-sysctl";

const ARGS = { "vm.stat_interval": "10", "kernel.printk": "3 1 1 7" };
const machineOf = (bare: Bare) => new Machine({ connection: bare.lab.connection("m") as Connection, guest: {} });
const BEFORE = "1\n7\t4\t1\t7\n";

describe("converge: sysctls of a guest of the lab, over SSH", function () {
  this.timeout(120_000);

  it(
    "are claimed and set, are gone with a boot and set by it, and are given back",
    withBare({ layout: "debian" }, async (bare) => {
      const machine = () => machineOf(bare);
      const running = () => bare.out("sysctl -n vm.stat_interval kernel.printk");
      assert.equal(await running(), BEFORE);
      await create(machine(), ARGS);
      assert.equal(await running(), "10\n3\t1\t1\t7\n");
      assert.match(bare.read(FRAGMENT), /^kernel\.printk = 3 1 1 7$/m);
      assert.ok(isEmpty(planOf(ARGS)(await machine().draft()).plan));
      await bare.reboot();
      assert.ok(isEmpty(planOf(ARGS)(await machine().draft()).plan), "the fragment sets them at boot");
      await bare.out("sysctl -q -w vm.stat_interval=2");
      await create(machine(), ARGS);
      await destroy(machine());
      assert.equal(await running(), BEFORE);
      assert.ok(!bare.has(FRAGMENT) && !bare.has("var/lib/pulumi-acrn/ledger.json"));
    }),
  );

  it(
    "that this kernel does not take are told, and the next up that is right takes its place",
    withBare({ layout: "debian" }, async (bare) => {
      const machine = () => machineOf(bare);
      const bad = { ...ARGS, "kernel.timer_migration": "7" };
      await assert.rejects(create(machine(), bad), (error: AcrnError) => {
        // the lab's kernel looks at what was written only behind the script: to a real one the same is running.refused
        assert.match(`${error.code} ${error.message}`, /^verify .*kernel\.timer_migration/s);
        return true;
      });
      await create(machine(), ARGS);
      assert.equal(await bare.out("sysctl -n kernel.timer_migration vm.stat_interval"), "1\n10\n");
      await destroy(machine());
      assert.equal(await bare.out("sysctl -n vm.stat_interval kernel.printk"), BEFORE);
    }),
  );
});
