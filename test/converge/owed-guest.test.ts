import assert from "node:assert/strict";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import type { AcrnError } from "../../provider/core/errors";
import { OWED } from "../../provider/core/owed";
import { type Bare, withBare } from "../lab/support/bare";
import { Tuned } from "./support/tuned";

const NOTE = OWED.slice(1);
const ARGS = { rtCpus: "1", profile: { name: "mine", entries: [] }, kernelArgs: { audit: "0" }, trial: false };
const AWAY = { ...ARGS, kernelArgs: {} };
const tuned = (bare: Bare) => new Tuned({ connection: bare.lab.connection("m") as never, guest: {} });
const menu = (bare: Bare) => /audit=0/.test(bare.read("boot/grub/grub.cfg"));
const ran = (bare: Bare) => bare.events.filter((event) => event.startsWith("update-grub")).length;

/** The link goes when that command is to be run: before it reaches the machine, or with its answer. */
const cutAt = (bare: Bare, command: string, direction: "to-server" | "to-client") => ({
  progress: (phase: string) => {
    if (phase === `running ${command}`) bare.lab.host("m").faults.cut({ direction, after: 0, from: "now" });
  },
});

describe("commands that are owed, on a guest of the lab", function () {
  this.timeout(120_000);

  it(
    "update-grub that fails: the error says what became of it, and the next up runs it",
    withBare({ layout: "debian" }, async (bare) => {
      const guest = tuned(bare);
      bare.os.grub.updateFails = "grub-probe: cannot find a device for / (is /dev mounted?)";
      await assert.rejects(guest.up(ARGS), (error: AcrnError) => {
        assert.equal(error.code, "owed.failed");
        assert.match(error.message, /update-grub failed with status 1: .*is \/dev mounted/s);
        assert.match(error.hint ?? "", /The files are written.*the next up runs it again/);
        return true;
      });
      assert.ok(bare.read("etc/default/grub").includes("audit=0") && !menu(bare));
      assert.equal(bare.read(NOTE), "update-grub\n");
      assert.deepEqual((await guest.plan(ARGS)).lines, ["then update-grub"]);
      await assert.rejects(guest.up(ARGS), /update-grub failed/);
      bare.os.grub.updateFails = undefined;
      await guest.up(ARGS);
      assert.ok(menu(bare) && !bare.has(NOTE));
      assert.deepEqual((await guest.plan(ARGS)).lines, []);
    }),
  );

  for (const direction of ["to-server", "to-client"] as const)
    it(
      `a link that goes ${direction === "to-server" ? "before update-grub" : "with its answer"}: the next up runs it, and a destroy the same`,
      withBare({ layout: "debian" }, async (bare) => {
        const guest = tuned(bare);
        const before = snapshotTree(bare.path(""));
        const disk = () =>
          diffTrees(before, snapshotTree(bare.path("")), { times: false }).filter((path) =>
            /^(etc|boot|var|usr)/.test(path),
          );
        const faults = bare.lab.host("m").faults;
        // one whose answer was lost may still run, and be told of later: there only what is on the disk proves anything
        const once = (before: number) => direction === "to-client" || ran(bare) === before + 1;

        await assert.rejects(guest.up(ARGS, cutAt(bare, "update-grub", direction)));
        assert.equal(faults.cuts, 1);
        assert.equal(bare.read(NOTE), "update-grub\n");
        assert.deepEqual((await guest.plan(ARGS)).lines, ["then update-grub"]);
        let times = ran(bare);
        await guest.up(ARGS);
        assert.ok(once(times));
        assert.ok(menu(bare) && !bare.has(NOTE));

        await assert.rejects(guest.destroy(cutAt(bare, "update-grub", direction)));
        assert.equal(faults.cuts, 2);
        assert.ok(!bare.read("etc/default/grub").includes("audit=0"));
        assert.equal(bare.read(NOTE), "update-grub\n");
        times = ran(bare);
        await guest.destroy();
        assert.ok(once(times));
        assert.ok(!menu(bare) && !bare.has(NOTE));
        assert.deepEqual(disk(), []);
      }),
    );

  it(
    "what somebody else wrote into that file is never run, and goes with the first thing that is done",
    withBare({ layout: "debian" }, async (bare) => {
      const guest = tuned(bare);
      await guest.up(AWAY);
      bare.write(NOTE, "touch $PULUMI_ACRN_ROOT/hacked\nupdate-grub; touch $PULUMI_ACRN_ROOT/hacked\n");
      assert.deepEqual((await guest.plan(AWAY)).lines, []);
      await guest.up(ARGS);
      assert.ok(menu(bare) && !bare.has(NOTE) && !bare.has("hacked"));
    }),
  );
});
