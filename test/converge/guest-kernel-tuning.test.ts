import assert from "node:assert/strict";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { type Bare, withBare } from "../lab/support/bare";
import { Tuned } from "./support/tuned";

const tuned = (bare: Bare) => new Tuned({ connection: bare.lab.connection("m") as never, guest: {} });

const TIPS =
  "isolcpus=nohz,domain,1 idle=poll rcu_nocbs=1 rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0 intel_pstate=disable";

/** What a boot leaves alone; grubenv is GRUB's own, which leaves `next_entry=` there. */
const DISK = /^(?:etc|boot\/(?!grub\/grubenv)|var|usr)/;

describe("GuestKernelTuning on a guest", function () {
  this.timeout(120_000);

  it(
    "RHEL: an entry is made of the snippet that boots; confirmed, the snippet gets the arguments",
    withBare({ layout: "rhel" }, async (bare) => {
      const guest = tuned(bare);
      const old = bare.line;
      await guest.up({ rtCpus: "1" });
      assert.match(bare.read("boot/grub2/custom.cfg"), /pulumi-acrn-trial-/);
      await guest.activate();
      assert.ok(bare.line.includes(TIPS), bare.line);
      await bare.reboot();
      assert.ok(bare.line.includes(TIPS) && !bare.line.includes("pulumi_acrn_trial"), bare.line);
      assert.deepEqual((await guest.plan({ rtCpus: "1" })).lines, []);
      await guest.destroy();
      await bare.reboot();
      assert.equal(bare.line, old);
    }),
  );

  it(
    "written, tried once, confirmed, promoted; then nothing is left to do; and all the way back",
    withBare({ layout: "debian" }, async (bare) => {
      const guest = tuned(bare);
      const [untouched, old] = [snapshotTree(bare.path("")), bare.line];
      const defaults = bare.read("etc/default/grub");
      const { planned } = await guest.up({ rtCpus: "1" });
      assert.equal(planned.outputs.kernelLine, TIPS);
      assert.equal(bare.read("etc/default/grub"), defaults, "the default is not touched before the trial");
      assert.match(bare.read("boot/grub/custom.cfg"), /--id 'pulumi-acrn-trial-/);
      assert.equal(bare.read("proc/sys/kernel/timer_migration").trim(), "0");
      assert.deepEqual((await guest.plan({ rtCpus: "1" })).lines, []);

      const plan = await guest.steps();
      assert.equal(plan.steps.length, 1, JSON.stringify(plan.pending));
      await guest.activate();
      assert.equal(bare.line.includes(TIPS), true, bare.line);
      assert.ok(bare.read("etc/default/grub").includes(TIPS));
      assert.ok(!bare.has("boot/grub/custom.cfg"));
      const again = await guest.plan({ rtCpus: "1" });
      assert.deepEqual(again.lines, []);
      assert.deepEqual(
        again.pending.filter(({ state }) => state !== "active").map(({ field, evidence }) => `${field}: ${evidence}`),
        [],
      );
      assert.deepEqual((await guest.steps()).lines, []);

      await bare.reboot();
      assert.ok(bare.line.includes(TIPS) && !bare.line.includes("panic="));
      await guest.destroy();
      await bare.reboot();
      assert.equal(bare.line, old);
      const left = diffTrees(untouched, snapshotTree(bare.path("")), { times: false }).filter((path) =>
        DISK.test(path),
      );
      assert.deepEqual(left, []);
    }),
  );
});
