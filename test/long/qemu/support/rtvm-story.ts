import assert from "node:assert/strict";
import { Tally } from "../../../support/tally";
import { afterSession, withAccount } from "./account";
import { Guest, NO_ROOT, TIPS } from "./guest";
import type { Machine } from "./machine";
import { brokenOff, judged } from "./middle";
import { RtHost } from "./rt-host";
import type { Step } from "./story";
import { changed, treeOf } from "./tree";

/** The guest's one tuning, and the same with more. */
const TUNING = { rtCpus: "1" };
const MORE = { ...TUNING, trial: false, kernelArgs: { skew_tick: "1" }, sysctls: { "vm.stat_interval": 10 } };

/**
 * A real-time VM, of which RtHost stands for the host: no reset in it, all the way; and an account that becomes root by sudo alone, of whose
 * sessions nothing stays.
 */
export function rtvmStory(make: () => Promise<Machine>): Step[] {
  const tally = new Tally("GuestKernelTuning on a real-time VM");
  let machine: Machine;
  let host: RtHost;
  let guest: Guest;
  let first: { line: string; tree: Awaited<ReturnType<typeof treeOf>> };
  /** By power-offs and triple faults alone: neither is more than the VM's own end. */
  const wentBy = (...ends: Machine["ends"]) =>
    assert.deepEqual([machine.ends, host.launches, host.wentDown], [ends, ends.length + 1, false]);
  const line = () => guest.cat("/proc/cmdline");

  return [
    [
      "a PREEMPT_RT kernel by UEFI, and an account whose sessions leave nothing behind",
      async () => {
        machine = await make();
        host = new RtHost(machine);
        await host.launch();
        await machine.reached();
        guest = new Guest(machine, await withAccount(machine), "rtvm-power-cycle");
        assert.match(await guest.cat("/proc/version"), /PREEMPT_RT/);
        assert.equal(await machine.shell.run("test -d /sys/firmware/efi && echo uefi"), "uefi\n");
        assert.equal(await afterSession(machine), "nothing is left");
        first = { line: await line(), tree: await treeOf(machine.shell) };
      },
    ],
    [
      "an up writes the tips, and of the line an entry that nothing boots",
      async () => {
        await guest.up(TUNING);
        assert.equal(await guest.cat("/proc/sys/kernel/timer_migration"), "0");
        const now = await treeOf(machine.shell);
        for (const path of ["etc/default/grub", "boot/grub/grub.cfg"])
          assert.equal(now.get(path), first.tree.get(path));
        await guest.settled(TUNING);
        const units = await machine.shell.run("journalctl --boot --quiet --output cat --identifier systemd");
        assert.match(units, /^Started pulumi-acrn-[0-9a-f]{16}\.service/m); // the transaction's runner, by systemd-run
      },
    ],
    [
      "an Activation powers it off, the host launches it, and the line that came up becomes the default",
      async () => {
        await guest.activate();
        assert.ok((await line()).includes(` ${TIPS}`), await line());
        assert.match(
          await guest.cat("/etc/default/grub"),
          new RegExp(`^GRUB_CMDLINE_LINUX_DEFAULT="quiet ${TIPS}"$`, "m"),
        );
        assert.equal(await guest.cat("/proc/sys/kernel/timer_migration"), "0");
        await guest.active(TUNING);
        wentBy("powered-off");
      },
    ],
    [
      "a line that finds no root ends in a power-off, the old one is back by itself, and the Activation says so",
      async () => {
        const old = await treeOf(machine.shell);
        await guest.up({ ...TUNING, kernelArgs: NO_ROOT, trial: { tripleFault: true } });
        machine.console.skip();
        await guest.goesBack(/was tried and did not come up: the guest is back on its old line by itself/);
        await machine.console.waitFor(/ALERT! {2}UUID=00000000-0000-4000-8000-000000000000 does not exist/, 1);
        wentBy("powered-off", "powered-off", "triple-fault");
        assert.equal(await line(), `${first.line} ${TIPS}`);
        await guest.up(TUNING);
        await guest.active(TUNING);
        // the ledger counts who claimed last
        const left = changed(old, await treeOf(machine.shell)).filter(
          (text) => !text.startsWith("var/lib/pulumi-acrn/ledger.json"),
        );
        assert.deepEqual(left, []);
      },
    ],
    [
      "a link that is cut in the middle of an apply leaves each file old or new, and the next up finishes",
      async () => {
        const before = await treeOf(machine.shell);
        const left = await brokenOff(guest, {
          apply: () => guest.up(MORE),
          at: /^writing/,
          breaks: () => machine.link.cutAfter(1500), // of the payload, which is more
          mends: async () => {},
        });
        await finished(left, before, "link");
      },
    ],
    [
      "so does a power cut, and it boots",
      async () => {
        await guest.up(TUNING);
        const before = await treeOf(machine.shell);
        const left = await brokenOff(guest, {
          apply: () => guest.up(MORE),
          at: /^writing/,
          breaks: () => machine.cutPower(),
          mends: async () => {
            await host.launch();
            await machine.reached();
          },
        });
        await finished(left, before, "power");
        tally.check({ both: false });
      },
    ],
    [
      "destroyed, every byte is as before, and it boots its old line",
      async () => {
        await guest.destroy();
        assert.deepEqual(changed(first.tree, await treeOf(machine.shell)), []);
        const again = host.again();
        await machine.shell.last("systemctl poweroff");
        await again;
        await machine.reached();
        assert.equal(await line(), first.line);
        assert.equal(await guest.cat("/proc/sys/kernel/timer_migration"), "1");
        assert.equal(host.wentDown, false);
      },
    ],
  ];

  async function finished(left: Awaited<ReturnType<typeof brokenOff>>, before: typeof first.tree, where: string) {
    await guest.up(MORE);
    await guest.settled(MORE);
    const { torn, isNew } = judged(before, left, await treeOf(machine.shell));
    const lied = left.said === "new" && !isNew;
    tally.add(
      torn.length > 0 ? "torn" : lied ? "lost" : isNew ? "new" : "old",
      `${where}: ${left.said}, ${torn.join(", ")}`,
    );
  }
}
