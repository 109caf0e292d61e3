import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { TRIAL_ARMED } from "../../provider/core/kernel/trial/armed";
import { TRIAL_DROP_IN_PATH, TRIAL_UNIT_PATH } from "../../provider/core/kernel/trial/watch";
import type { FolderShell } from "../../provider/host/folder";
import type { ArmedTrial, GuestTrial } from "../../provider/host/guest/trial-session";
import { needs } from "../support/needs";
import { shells } from "./helpers";
import { failure } from "./ssh/support";
import { BOOT, ENTRY, GRUBENV, PaperGuest, TRIAL, WATCHES } from "./support/paper-guest";

for (const { name, shell } of shells())
  describe(`the trial script under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    type Options = ConstructorParameters<typeof PaperGuest>[1];
    const guest = (options: Options = {}) => new PaperGuest(shell as FolderShell, options);
    const running = (options: Options = {}): PaperGuest => {
      const machine = guest({ line: "ro pulumi_acrn_trial=a1 quiet", ...options });
      machine.write(TRIAL_ARMED, "a1 90 other\n");
      machine.write(WATCHES, "");
      return machine;
    };

    it("a state is what runs, what is armed and what comes next", async () => {
      const machine = guest({ line: 'ro "dyndbg=file x +p" caf\u00e9' });
      const bare = { bootId: BOOT, cmdline: 'ro "dyndbg=file x +p" caf\u00e9', up: 12 };
      assert.deepEqual(await machine.ask((trial) => trial.state()), bare);
      machine.write(TRIAL_ARMED, "a1 90 rtvm\n");
      machine.write(GRUBENV, "next_entry=Advanced options>somebody's\n####");
      assert.deepEqual(await machine.ask((trial) => trial.state({ grubenv: GRUBENV })), {
        ...bare,
        armed: { id: "a1", seconds: 90, kind: "rtvm" },
        nextEntry: "Advanced options>somebody's",
      });
      machine.write(TRIAL_ARMED, "a1; 90 rtvm\n");
      assert.equal((await machine.ask((trial) => trial.state())).armed, undefined, "that is nothing of ours");
    });

    it("armed is once or twice the same, and disarmed as before", async () => {
      const machine = guest();
      for (const _ of [1, 2]) {
        assert.equal(await machine.arm(), undefined);
        assert.equal(machine.marker, "a1 90 other\n");
        assert.equal(machine.read(GRUBENV), `next_entry=${ENTRY}\n`);
      }
      for (const _ of [1, 2]) {
        assert.equal(await machine.ask((trial) => trial.disarm({ grubenv: GRUBENV })), undefined);
        assert.equal(machine.marker, undefined);
        assert.equal(machine.read(GRUBENV), "");
      }
    });

    it("what GRUB left without a value goes too, and somebody else's entry stays", async () => {
      const machine = guest();
      for (const [before, after] of [
        ["a=1\nnext_entry=\n", "a=1\n"],
        ["next_entry=theirs\n", "next_entry=theirs\n"],
      ] as const) {
        machine.write(GRUBENV, before);
        assert.equal(await machine.ask((trial) => trial.disarm({ grubenv: GRUBENV })), undefined);
        assert.equal(machine.read(GRUBENV), after);
      }
    });

    const refused: [title: string, break_: (machine: PaperGuest) => void, why: RegExp, more?: Partial<ArmedTrial>][] = [
      ["without systemd", (machine) => machine.remove("run/systemd"), /systemd does not run/],
      ["without the unit", (machine) => machine.remove(TRIAL_UNIT_PATH), /trial\.service is not there/],
      ["without what pulls it in", (machine) => machine.remove(TRIAL_DROP_IN_PATH), /trial\.conf is not there/],
      ["with a unit that resets, in a real-time VM", () => {}, /could reset a real-time VM/, { kind: "rtvm" }],
      ["in a boot that is a trial itself", (machine) => machine.write(WATCHES, ""), /itself a trial/],
      ["without grubenv", (machine) => machine.remove(GRUBENV), /there is no \/boot\/grub\/grubenv/],
      ["without its command", () => {}, /there is no grub2-reboot/, { command: "grub2-reboot" }],
    ];
    for (const [title, break_, why, more] of refused)
      it(`is not armed ${title}: nothing is left`, async () => {
        const machine = guest();
        break_(machine);
        assert.match((await machine.arm(more)) ?? "armed", why);
        assert.equal(machine.marker, undefined);
        if (machine.has(GRUBENV)) assert.equal(machine.read(GRUBENV), "saved_entry=0\n");
      });

    it("is not armed where GRUB's command leaves another entry; where its own stays, the marker stays with it", async () => {
      const machine = guest();
      machine.write("elsewhere/grubenv", "next_entry=theirs\n");
      assert.match((await machine.arm({ grubenv: "/elsewhere/grubenv" })) ?? "armed", /next_entry=theirs after/);
      assert.equal(machine.marker, undefined);
      const stuck = guest({ without: "grub-editenv" });
      assert.equal(await stuck.arm(), undefined);
      assert.match((await stuck.ask((trial) => trial.disarm({ grubenv: GRUBENV }))) ?? "", /still says next_entry/);
      assert.equal(stuck.marker, "a1 90 other\n", "its boot would end by itself");
    });

    it("a link in the way of grubenv is followed inside the tree", async () => {
      const machine = guest();
      machine.write("boot/efi/grubenv", "next_entry=pulumi-acrn-trial-z\n");
      machine.remove(GRUBENV);
      symlinkSync("/boot/efi/grubenv", join(machine.root, GRUBENV));
      assert.equal((await machine.ask((trial) => trial.state())).nextEntry, "pulumi-acrn-trial-z");
      assert.equal(await machine.ask((trial) => trial.disarm({ grubenv: GRUBENV })), undefined);
      assert.equal(machine.read("boot/efi/grubenv"), "");
    });

    it("confirmed is once or twice the same: the marker is away and the unit stopped", async () => {
      const machine = running();
      for (const _ of [1, 2]) {
        assert.equal(await machine.ask((trial) => trial.confirm({ id: "a1" })), undefined);
        assert.equal(machine.marker, undefined);
        assert.ok(!machine.has(WATCHES) && !machine.has(`${TRIAL_ARMED}.over`));
      }
      assert.equal(machine.read("asked").match(/^stop pulumi-acrn-trial\.service$/gm)?.length, 1);
    });

    it("a link that was cut behind the marker, before the stop: the same word again confirms", async () => {
      const machine = running();
      machine.remove(TRIAL_ARMED);
      machine.write(`${TRIAL_ARMED}.over`, "a1 90 other\n");
      assert.equal(await machine.ask((trial) => trial.confirm({ id: "a1" })), undefined);
      assert.ok(!machine.has(WATCHES) && !machine.has(`${TRIAL_ARMED}.over`));
    });

    const not: [title: string, change: (machine: PaperGuest) => void, why: RegExp][] = [
      ["another line runs", (machine) => machine.write("proc/cmdline", "ro quiet\n"), /not that of the trial/],
      [
        "a line runs whose id only begins so",
        (machine) => machine.write("proc/cmdline", "pulumi_acrn_trial=a12\n"),
        /not that of the trial/,
      ],
      ["another trial is armed", (machine) => machine.write(TRIAL_ARMED, "b2 90 other\n"), /another trial/],
      ["the unit was first", (machine) => machine.remove(TRIAL_ARMED), /too late/],
    ];
    for (const [title, change, why] of not)
      it(`is not confirmed where ${title}, and the unit is left to it`, async () => {
        const machine = running();
        change(machine);
        assert.match((await machine.ask((trial) => trial.confirm({ id: "a1" }))) ?? "confirmed", why);
        assert.ok(machine.has(WATCHES));
      });

    it("what was left of an earlier trial confirms nothing of a later one", async () => {
      const machine = guest();
      machine.write(`${TRIAL_ARMED}.over`, "a0 90 other\n");
      assert.equal(await machine.arm(), undefined);
      machine.write("proc/cmdline", "pulumi_acrn_trial=a1\n");
      machine.write(WATCHES, "");
      machine.remove(TRIAL_ARMED);
      assert.match((await machine.ask((trial) => trial.confirm({ id: "a1" }))) ?? "confirmed", /too late/);
    });

    const leaves: [title: string, act: "reboot" | "powerOff", kind: "rtvm" | "other", marker: string, why?: RegExp][] =
      [
        ["a reset", "reboot", "other", ""],
        ["a reset in a trial", "reboot", "other", "a1 90 other\n"],
        ["a power-off", "powerOff", "other", ""],
        ["a power-off in a real-time VM", "powerOff", "rtvm", "a1 90 rtvm\n"],
        ["a reset in a real-time VM", "reboot", "rtvm", "", /resets the whole machine/],
        ["a reset in what the marker calls one", "reboot", "other", "a1 90 rtvm\n", /resets the whole machine/],
        ["a reset with a marker that nobody reads", "reboot", "other", "a1 90 what\n", /resets the whole machine/],
      ];
    for (const [title, act, kind, marker, why] of leaves)
      it(`${title} is ${why ? "refused" : "done"}, and in another boot nothing is`, async () => {
        const machine = guest();
        if (marker !== "") machine.write(TRIAL_ARMED, marker);
        const leave = (boot: string) => machine.ask((trial) => trial[act]({ kind, boot }));
        assert.match((await leave(BOOT.replace("1", "9"))) ?? "done", /has booted since/);
        assert.ok(!machine.has("asked"));
        const said = await leave(BOOT);
        if (why) assert.match(said ?? "done", why);
        else assert.equal(said, undefined);
        const verb = act === "reboot" ? "reboot" : "poweroff";
        assert.equal(machine.has("asked") ? machine.read("asked") : "", why ? "" : `-i ${verb}\n`);
      });
  });

describe("the trial session", () => {
  const wrong: [title: string, work: (trial: GuestTrial) => Promise<unknown>, code: string][] = [
    ["an id", (trial) => trial.confirm({ id: "a1 b" }), "trial.id"],
    ["an id in capitals", (trial) => trial.arm({ ...TRIAL, id: "A1" }), "trial.id"],
    ["a long id", (trial) => trial.confirm({ id: "a".repeat(41) }), "trial.id"],
    ["the entry of another trial", (trial) => trial.arm({ ...TRIAL, entry: "0" }), "trial.word"],
    ["a limit of none", (trial) => trial.arm({ ...TRIAL, seconds: 0 }), "trial.word"],
    ["a limit of days", (trial) => trial.arm({ ...TRIAL, seconds: 1e6 }), "trial.word"],
    ["a path with a blank", (trial) => trial.disarm({ grubenv: "/boot/a b/grubenv" }), "trial.word"],
    ["a path that climbs", (trial) => trial.state({ grubenv: "/boot/../x/grubenv" }), "trial.word"],
    ["a boot of two words", (trial) => trial.reboot({ kind: "other", boot: "a b" }), "trial.word"],
  ];
  for (const [title, work, code] of wrong)
    it(`sends nothing for ${title}`, async () => {
      const machine = new PaperGuest({ path: process.env.PATH ?? "" }, {});
      assert.equal((await machine.ask((trial) => failure(work(trial)))).code, code);
    });
});
