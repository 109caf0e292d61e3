import assert from "node:assert/strict";
import type { Planned } from "../../provider/converge/plan-resource";
import { TRIAL_ARMED } from "../../provider/core/kernel/trial";
import { type MemoryGuest, withGuest } from "../support/memory-guest";

const GRUB = "/etc/default/grub";
const CUSTOM = "/boot/grub/custom.cfg";
const NONE = { name: "none", entries: [] };
const kernelArgs = { audit: "0", idle: "poll" };
const MINE = { rtCpus: "1", profile: NONE, kernelArgs };
const waits = ({ outputs }: Planned) => outputs.trialEntry as { catches: string[]; misses: string[] } | undefined;
const defaults = (guest: MemoryGuest) => /^GRUB_CMDLINE_LINUX_DEFAULT="(.*)"$/m.exec(guest.read(GRUB))?.[1];
const pending = ({ pending: all }: Planned) => all.filter(({ state }) => state !== "active").map(({ field }) => field);

describe("GuestKernelTuning: from one line to the next", function () {
  this.timeout(60_000);

  it(
    "a changed list or profile is tried again, and the default keeps what was confirmed until then",
    withGuest({ layout: "debian" }, (guest) => {
      const before = guest.image();
      guest.up({ rtCpus: "1" });
      guest.activate();
      const confirmed = defaults(guest);
      assert.match(confirmed ?? "", /isolcpus=nohz,domain,1 idle=poll/);
      for (const args of [{ rtCpus: "2-3" }, { rtCpus: "2-3", profile: "acrn-tips+rt" }]) {
        assert.ok(waits(guest.up(args)));
        assert.equal(defaults(guest), confirmed);
        guest.boot();
        assert.match(guest.line, /isolcpus=nohz,domain,1 /);
        assert.deepEqual(guest.plan(args).lines, []);
      }
      guest.activate();
      assert.match(defaults(guest) ?? "", /^quiet isolcpus=nohz,domain,managed_irq,2-3 .*nohz_full=2-3/);
      assert.ok(!guest.has(CUSTOM));
      guest.withdraw();
      assert.deepEqual(guest.changedSince(before), []);
    }),
  );

  it(
    "what is wished no more is off the line only once a line without it was tried",
    withGuest({ layout: "debian" }, (guest) => {
      guest.up(MINE);
      guest.activate();
      const less = { ...MINE, kernelArgs: { audit: "0" } };
      assert.ok(waits(guest.up(less)));
      assert.equal(defaults(guest), "quiet audit=0 idle=poll");
      assert.doesNotMatch(guest.try(), /idle=/);
      guest.activate();
      assert.equal(defaults(guest), "quiet audit=0");
    }),
  );

  it(
    "overrides: another value, one of the profile's left out, one of somebody else's taken away and given back",
    withGuest({ layout: "debian" }, (guest) => {
      const before = guest.image();
      const args = { rtCpus: "1", kernelArgs: { mce: "ignore_ce", intel_pstate: false, quiet: null } };
      const { outputs } = guest.up(args);
      assert.match(String(outputs.kernelLine), / mce=ignore_ce processor\.max_cstate=0 intel_idle\.max_cstate=0$/);
      assert.equal((outputs.settings as Record<string, string>)["kernelArg quiet"], "(taken away)");
      guest.activate();
      assert.match(defaults(guest) ?? "", /^isolcpus=/);
      assert.deepEqual(guest.plan(args).lines, []);
      guest.withdraw();
      assert.deepEqual(guest.changedSince(before), []);
    }),
  );

  it(
    "a key that somebody else changed since is left and named, and the others go back",
    withGuest({ layout: "debian" }, (guest) => {
      guest.up(MINE);
      guest.activate();
      guest.change(GRUB, (text) => text.replace("idle=poll", "idle=halt"));
      const { plan } = guest.withdraw();
      assert.deepEqual(
        plan.left.map(({ field }) => field),
        [`line[GRUB_CMDLINE_LINUX_DEFAULT:${GRUB}] param[idle]`],
      );
      assert.equal(defaults(guest), "quiet idle=halt");
    }),
  );

  it(
    "somebody else's words that came meanwhile stay, in the trial and behind it",
    withGuest({ layout: "debian" }, (guest) => {
      guest.up(MINE);
      guest.change(GRUB, (text) => text.replace('"quiet"', '"quiet theirs=1"'));
      guest.regenerate();
      assert.ok(waits(guest.up(MINE)));
      assert.match(guest.try(), /quiet theirs=1 audit=0 idle=poll/);
      guest.activate();
      assert.equal(defaults(guest), "quiet theirs=1 audit=0 idle=poll");
      guest.withdraw();
      assert.equal(defaults(guest), "quiet theirs=1");
    }),
  );

  it(
    "a line that a person booted and that runs is the default at the next up, and the trial goes",
    withGuest({ layout: "debian" }, (guest) => {
      guest.up(MINE);
      assert.deepEqual(pending(guest.plan(MINE)), ["trial[/boot/grub/custom.cfg] entry"]);
      guest.try();
      const planned = guest.up(MINE);
      assert.equal(waits(planned), undefined);
      assert.ok(!guest.has(CUSTOM) && !guest.has("/etc/systemd/system/pulumi-acrn-trial.service"));
      assert.equal(defaults(guest), "quiet audit=0 idle=poll");
      assert.deepEqual(pending(guest.plan(MINE)), []);
    }),
  );

  it(
    "not while an Activation still waits for that boot",
    withGuest({ layout: "debian" }, (guest) => {
      guest.up(MINE);
      guest.try();
      guest.put(TRIAL_ARMED, "abc 20 other\n");
      const planned = guest.plan(MINE);
      assert.ok(waits(planned));
      assert.deepEqual(planned.lines, []);
    }),
  );

  it(
    "withdrawn while a trial waits: nothing of it is left",
    withGuest({ layout: "debian" }, (guest) => {
      guest.put(CUSTOM, "# theirs\n");
      const before = guest.image();
      guest.up(MINE);
      assert.match(guest.read(CUSTOM), /^# theirs\n# >>> pulumi-acrn trial/);
      guest.withdraw();
      assert.deepEqual(guest.changedSince(before), []);
    }),
  );

  it(
    "what brings it back is said as the machine has it: a real-time VM powers off, dracut and initramfs-tools find no root otherwise",
    withGuest({ layout: "debian" }, (guest) => {
      const said = (vm: string | undefined, more = {}) => {
        Object.assign(guest.settings, { guest: vm === undefined ? {} : { vm } });
        const { catches = [], misses = [] } = waits(guest.plan({ ...MINE, ...more })) ?? {};
        return { catches: catches.join("\n"), misses: misses.join("\n") };
      };
      assert.match(said(undefined).catches, /it reboots with the old line/);
      assert.doesNotMatch(said(undefined).catches, /does not find root/);
      guest.put("/etc/initramfs-tools/initramfs.conf", "MODULES=most\n");
      assert.match(said(undefined).catches, /does not find root: it reboots/);
      assert.match(said("RT").catches, /powers itself off, and the host launches it/);
      assert.match(said("RT").misses, /panics or hangs/);
      const line = () => guest.plan({ ...MINE, trial: { tripleFault: true } }).plan.files.map(({ after }) => after);
      assert.match(line().join(), /reboot=t panic=15/);
      assert.doesNotMatch(said("RT", { trial: { tripleFault: true } }).misses, /panics/);
    }),
  );
});
