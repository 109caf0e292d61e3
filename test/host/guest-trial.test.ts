import assert from "node:assert/strict";
import { TRIAL_ARMED } from "../../provider/core/kernel/trial/armed";
import { TRIAL_UNIT } from "../../provider/core/kernel/trial/watch";
import { RT, STD } from "../lab/support/cell";
import { needs } from "../support/needs";
import { failure } from "./ssh/support";
import { which } from "./ssh/which";
import { GRUBENV, LINE, withGuest } from "./support/trial-guest";

/** A block that no trial waits in; its boot has left the variable behind. */
const AT_REST = /^# GRUB Environment Block\n(next_entry=\n)?#+$/;

describe("a trial of a kernel line in a guest", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  it(
    "not confirmed, a standard VM resets by itself, and has its old line",
    withGuest(STD, async (guest) => {
      const from = await guest.begin(1);
      assert.match(guest.line, / idle=poll pulumi_acrn_trial=a1$/);
      await guest.cell.happened(`${STD} boots`, guest.after(`${STD} boots`, from));
      assert.deepEqual(guest.since(from), [
        `restart ${STD}`,
        `${STD} loads the trial`,
        `${STD} boots`,
        `restart ${STD}`,
        `${STD} loads Debian GNU/Linux`,
        `${STD} boots`,
      ]);
      assert.match(guest.line, / ro quiet$/);
      assert.ok(!guest.has(TRIAL_ARMED));
      assert.match(guest.read(GRUBENV), AT_REST);
    }),
  );

  it(
    "not confirmed, a real-time VM is off by itself: no reset reaches its host, and launched again it has its old line",
    withGuest(RT, async (guest) => {
      const from = await guest.begin(1);
      assert.match(guest.line, / idle=poll pulumi_acrn_trial=a1$/);
      await guest.cell.happened(`power-off ${RT}`, guest.after(`${RT} boots`, from));
      await guest.up(guest.cell.events.length);
      assert.deepEqual(guest.since(from), [
        `power-off ${RT}`,
        `launch ${RT}`,
        `${RT} loads the trial`,
        `${RT} boots`,
        `power-off ${RT}`,
        `launch ${RT}`,
        `${RT} loads Debian GNU/Linux`,
        `${RT} boots`,
      ]);
      assert.match(guest.line, / ro quiet$/);
      assert.equal(guest.cell.machine.state().boots, 1);
      assert.ok(!guest.has(TRIAL_ARMED));
    }),
  );

  it(
    "a real-time VM that nobody reaches any more is off by itself too",
    withGuest(
      RT,
      async (guest) => {
        const alone = `${RT} boots without a network`;
        const from = await guest.begin(1, alone);
        await failure(guest.ask((trial) => trial.state()));
        await guest.cell.happened(`power-off ${RT}`, guest.after(alone, from));
        await guest.up(guest.cell.events.length);
        assert.ok(!guest.since(from).some((event) => /reset/.test(event)));
        assert.match(guest.line, / ro quiet$/);
      },
      `${LINE} modprobe.blacklist=virtio_net`,
    ),
  );

  for (const vm of [STD, RT] as const)
    it(
      `confirmed, ${vm} stays, and its next boot is not taken for a trial`,
      withGuest(vm, async (guest) => {
        await guest.begin(2);
        const from = guest.cell.events.length;
        await guest.ask(async (trial) => {
          assert.match((await trial.confirm({ id: "b2" })) ?? "", /not that of the trial/);
          assert.equal(await trial.confirm({ id: "a1" }), undefined);
          const { armed, cmdline } = await trial.state();
          assert.equal(armed, undefined);
          assert.match(cmdline, / pulumi_acrn_trial=a1$/);
          assert.equal(await trial.confirm({ id: "a1" }), undefined, "again");
          assert.equal(await trial.disarm({ grubenv: GRUBENV }), undefined);
        });
        assert.equal((await guest.cell.in(vm, `systemctl is-active ${TRIAL_UNIT}`)).out, "inactive\n");
        assert.equal((await guest.cell.in(vm, "sleep 3; echo there")).out, "there\n");
        assert.deepEqual(guest.since(from), []);
        assert.match(guest.read(GRUBENV), /^# GRUB Environment Block\n#+$/);
      }),
    );

  it(
    "disarmed before its boot, nothing of it is left, and the next boot is the old one",
    withGuest(STD, async (guest) => {
      await guest.up();
      const from = guest.cell.events.length;
      await guest.ask(async (trial) => {
        const more = { seconds: 60, kind: "other", grubenv: GRUBENV, command: "grub-reboot" } as const;
        assert.equal(await trial.arm({ id: "a1", entry: "pulumi-acrn-trial-a1", ...more }), undefined);
        assert.equal(await trial.disarm({ grubenv: GRUBENV }), undefined);
        const { bootId, armed, nextEntry } = await trial.state();
        assert.deepEqual([armed, nextEntry], [undefined, undefined]);
        assert.equal(await trial.reboot({ kind: "other", boot: bootId }), undefined);
      });
      await guest.cell.happened(`${STD} boots`, from);
      assert.match(guest.line, / ro quiet$/);
    }),
  );

  it(
    "a boot of the trial's entry that nobody armed stays",
    withGuest(STD, async (guest) => {
      await guest.up();
      await guest.cell.in(STD, "grub-reboot pulumi-acrn-trial-a1");
      const from = guest.cell.events.length;
      const { bootId: boot } = await guest.ask((trial) => trial.state());
      await guest.ask((trial) => trial.reboot({ kind: "other", boot }));
      await guest.cell.happened(`${STD} boots`, from);
      assert.ok(
        guest.cell.events.includes(`${STD} skips ${TRIAL_UNIT}: ConditionPathExists=${TRIAL_ARMED}`),
        guest.cell.events.join("; "),
      );
    }),
  );

  it(
    "a link that is cut, and the same word again: one reset, and the boot that came of it stays",
    withGuest(STD, async (guest) => {
      await guest.up();
      const { bootId: boot } = await guest.ask((trial) => trial.state());
      const from = guest.cell.events.length;
      await guest.ask((trial) => trial.reboot({ kind: "other", boot }));
      await guest.cell.happened(`${STD} boots`, from);
      const said = await guest.ask((trial) => trial.reboot({ kind: "other", boot }));
      assert.match(said ?? "done", /has booted since/);
      const after = await guest.ask((trial) => trial.state());
      assert.notEqual(after.bootId, boot);
      assert.equal(guest.since(from).filter((event) => event === `restart ${STD}`).length, 1);
    }),
  );
});
