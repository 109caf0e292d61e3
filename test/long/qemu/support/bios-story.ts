import assert from "node:assert/strict";
import { Guest, NO_ROOT, TIPS } from "./guest";
import type { Machine } from "./machine";
import { brokenOff } from "./middle";
import type { Step } from "./story";

/** CPUs that poll when idle would keep both processors of the machine that emulates them busy, and the other story waiting. */
const TUNING = { rtCpus: "1", kernelArgs: { idle: false } };
const LINE = TIPS.replace(" idle=poll", "");

/** Any other machine than a real-time VM: it may reset. Root logs in. */
export function biosStory(make: () => Promise<Machine>): Step[] {
  let machine: Machine;
  let guest: Guest;
  let first: string;
  const line = () => guest.cat("/proc/cmdline");

  return [
    [
      "an up writes the tips, and of the line an entry that nothing boots",
      async () => {
        machine = await make();
        await machine.start();
        await machine.reached();
        guest = new Guest(machine, machine.connection, "guest-reboot");
        first = await line();
        await guest.up(TUNING);
        await guest.settled(TUNING);
      },
    ],
    [
      "an Activation reboots it, and the line that came up becomes the default",
      async () => {
        await guest.activate();
        assert.ok((await line()).includes(` ${LINE}`), await line());
        await guest.active(TUNING);
        assert.deepEqual(machine.ends, []);
      },
    ],
    [
      "a line that finds no root is reset by panic=, the old one is back by itself, and the Activation says so",
      async () => {
        await guest.up({ ...TUNING, kernelArgs: { ...TUNING.kernelArgs, ...NO_ROOT } });
        machine.console.skip();
        await guest.goesBack(/was tried and did not come up: the guest is back on its old line by itself/);
        await machine.console.waitFor(/ALERT! {2}UUID=00000000-0000-4000-8000-000000000000 does not exist/, 1);
        await machine.console.waitFor(/Rebooting automatically due to panic= boot argument/, 1);
        assert.equal(await line(), `${first} ${LINE}`);
        assert.deepEqual(machine.ends, []);
      },
    ],
    [
      "a power cut between the files and the menu leaves that owed and a machine that boots, and the next up makes it",
      async () => {
        const kernelArgs = { ...TUNING.kernelArgs, skew_tick: "1" };
        const again = { ...TUNING, kernelArgs, trial: false };
        const { said } = await brokenOff(guest, {
          apply: () => guest.up(again),
          at: /^running update-grub/,
          breaks: () => machine.cutPower(),
          mends: async () => {
            await machine.start();
            await machine.reached();
          },
        });
        assert.match(said, /^(?:ssh|link|frame|host)\./);
        assert.match(await guest.cat("/var/lib/pulumi-acrn/owed"), /^update-grub$/m);
        await guest.up(again);
        assert.match(await guest.cat("/boot/grub/grub.cfg"), / skew_tick=1$/m);
        assert.equal(await machine.shell.run("test ! -e /var/lib/pulumi-acrn/owed && echo paid"), "paid\n");
      },
    ],
  ];
}
