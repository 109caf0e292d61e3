import assert from "node:assert/strict";
import { needs } from "../../support/needs";
import { guestImage, type Image } from "./support/image";
import { Machine } from "./support/machine";
import { RtHost } from "./support/rt-host";

/** An entry beside those that update-grub makes, as a trial has it: 41_custom sources that file where it is there. */
const TRIAL = `
  sed -n '/^menuentry/,/^}/p' /boot/grub/grub.cfg |
    sed "1s/.*/menuentry 'trial' --id acrn-trial {/; s/^[[:blank:]]*linux[[:blank:]].*/& acrn.trial=1/" >/boot/grub/custom.cfg &&
  grub-reboot acrn-trial`;

/** The machines that the system test counts on can be had, and do what their like does. */
describe("virtual machines of the system test", function () {
  this.timeout(1_800_000);
  const machines: Machine[] = [];
  const times: string[] = [];
  let image: Image;
  let stories: Record<"bios" | "rtvm", Promise<void>>;

  before(async function () {
    this.timeout(1_800_000); // the first time the image is built
    const found = await timed("image", guestImage);
    needs(this, typeof found !== "string", String(found));
    image = found as Image;
    stories = { bios: bios(), rtvm: rtvm() }; // side by side: one emulated boot hardly uses two processors
    for (const story of Object.values(stories)) story.catch(() => {}); // told by its test
  });
  after(async () => {
    for (const machine of machines) await machine.remove();
    if (times.length > 0) console.log(`        machines: ${times.join(", ")}`);
  });

  it("bios: boots a real-time kernel, tries an entry once, and is back on the old line", () => stories.bios);
  it("rtvm: is launched again after a power-off, and a reset takes the whole machine down", () => stories.rtvm);

  async function bios(): Promise<void> {
    const machine = await Machine.make(image, "bios");
    machines.push(machine);
    await machine.start();
    const first = await timed("bios to ssh", () => machine.reached());
    assert.match(await machine.shell.run("uname -v"), /PREEMPT_RT/);
    const menu = await machine.shell.run("cat /boot/grub/grub.cfg");
    assert.equal(await machine.shell.run("update-grub 2>/dev/null && cat /boot/grub/grub.cfg"), menu);
    const line = await machine.shell.run("cat /proc/cmdline");

    await machine.shell.run(TRIAL);
    await machine.shell.last("systemctl reboot");
    const second = await timed("reboot to ssh", () => machine.reached({ not: first }));
    assert.equal(await machine.shell.run("cat /proc/cmdline"), line.replace(/\n$/, " acrn.trial=1\n"));
    assert.ok(machine.resets > 0);

    await machine.shell.last("systemctl reboot");
    await timed("reboot to ssh", () => machine.reached({ not: second }));
    assert.equal(await machine.shell.run("cat /proc/cmdline"), line);
    assert.deepEqual(machine.ends, []); // resets end no machine that may

    await machine.cutPower();
    assert.deepEqual(machine.ends, ["killed"]);
  }

  async function rtvm(): Promise<void> {
    const machine = await Machine.make(image, "rtvm");
    machines.push(machine);
    const host = new RtHost(machine);
    await host.launch();
    const first = await timed("rtvm to ssh", () => machine.reached());
    assert.match(await machine.shell.run("uname -v"), /PREEMPT_RT/);
    assert.equal(await machine.shell.run("test -d /sys/firmware/efi && echo uefi"), "uefi\n");

    await timed("rtvm off, launched and to ssh", async () => {
      const again = host.again();
      await machine.shell.last("systemctl poweroff");
      await again;
      assert.notEqual(await machine.reached(), first);
    });
    assert.deepEqual([machine.ends, host.launches, host.wentDown], [["powered-off"], 2, false]);

    await machine.shell.last("systemctl reboot");
    await assert.rejects(host.again(), /the RTVM reset/);
    assert.deepEqual([machine.ends, host.launches, host.wentDown], [["powered-off", "reset"], 2, true]);
  }

  /** Times are told and judge nothing. */
  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const from = Date.now();
    const result = await work();
    times.push(`${name} ${((Date.now() - from) / 1000).toFixed(0)} s`);
    return result;
  }
});
