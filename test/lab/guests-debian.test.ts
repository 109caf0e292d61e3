import assert from "node:assert/strict";
import { readEnvironment } from "../../examples/lab/server/physics/grub/environment";
import { readMenu } from "../../examples/lab/server/physics/grub/menu";
import { type Bare, withBare } from "./support/bare";

const UUID = "00000000-0000-4000-8000-000000000001";
const RT = "6.1.0-18-rt-amd64";
const OLD = "6.1.0-17-rt-amd64";
const MENU = "boot/grub/grub.cfg";
const TRIAL = "pulumi-acrn-trial-1";

/** An entry in a file that nothing but 41_custom's lines ask for. */
const custom = (line: string): string => `menuentry 'a trial' --id ${TRIAL} {
	linux /boot/vmlinuz-${RT} ${line}
	initrd /boot/initrd.img-${RT}
}
`;

const next = (bare: Bare): string | undefined => readEnvironment(bare.path("boot/grub/grubenv")).get("next_entry");

/** Boots a line once, by custom.cfg and grub-reboot. */
async function trial(bare: Bare, line: string, event: string | RegExp = "boot"): Promise<void> {
  bare.write("boot/grub/custom.cfg", custom(line));
  await bare.out(`grub-reboot ${TRIAL}`);
  await bare.reboot(event);
}

describe("lab guests: Debian", function () {
  this.timeout(60_000);

  it(
    "has booted the newest kernel with the line of its settings",
    withBare({ layout: "debian", kernels: [OLD, RT] }, async (bare) => {
      assert.equal(bare.line, `BOOT_IMAGE=/boot/vmlinuz-${RT} root=UUID=${UUID} ro quiet`);
      assert.equal(await bare.out("uname -r; uname -v"), `${RT}\n#1 SMP PREEMPT_RT lab\n`);
      assert.match(await bare.out("uname -a"), new RegExp(`^\\S+ \\S+ ${RT} #1 SMP PREEMPT_RT lab \\S+ `));
      assert.match(await bare.out("dmesg"), /^\[ +0\.\d+\] x2apic enabled$/m);
      assert.equal(bare.read("proc/cpuinfo").match(/ x2apic /g)?.length, 4);
    }),
  );

  it(
    "a changed line is in the menu after update-grub, but not on recovery entries, and runs after a boot",
    withBare({ layout: "debian" }, async (bare) => {
      const settings = bare.read("etc/default/grub");
      bare.write("etc/default/grub", settings.replace('DEFAULT="quiet"', 'DEFAULT="quiet isolcpus=nohz,domain,1-3"'));
      assert.doesNotMatch(bare.read(MENU), /isolcpus/);
      assert.match(
        (await bare.on("update-grub")).err,
        /Found linux image: \/boot\/vmlinuz-6\.1\.0-18-rt-amd64\ndone\n$/,
      );
      const lines = bare.read(MENU).match(/^\tlinux\t.*$/gm) ?? [];
      assert.deepEqual(
        lines.map((line) => [/ single/.test(line), / isolcpus=/.test(line)]),
        [
          [false, true],
          [false, true],
          [true, false],
        ],
      );
      assert.doesNotMatch(bare.line, /isolcpus/, "nothing runs before a boot");
      const before = bare.read("proc/sys/kernel/random/boot_id");
      await bare.reboot();
      assert.match(bare.line, / ro quiet isolcpus=nohz,domain,1-3$/);
      assert.equal(bare.read("sys/devices/system/cpu/isolated"), "1-3\n");
      assert.notEqual(bare.read("proc/sys/kernel/random/boot_id"), before);
    }),
  );

  it(
    "an entry of custom.cfg is tried once without update-grub, and the next boot is the old one",
    withBare({ layout: "debian" }, async (bare) => {
      const menu = bare.read(MENU);
      assert.equal(readMenu(menu).entries.length, 2, "the menu itself has none of it");
      await trial(bare, `root=UUID=${UUID} ro idle=poll`);
      assert.match(bare.line, / idle=poll$/);
      assert.equal(next(bare), "");
      await bare.reboot();
      assert.match(bare.line, / ro quiet$/);
      assert.equal(bare.read(MENU), menu);
    }),
  );

  it(
    "without 41_custom nothing reads custom.cfg: the default boots",
    withBare({ layout: "debian" }, async (bare) => {
      await bare.out("chmod -x $PULUMI_ACRN_ROOT/etc/grub.d/41_custom && update-grub");
      await trial(bare, `root=UUID=${UUID} ro idle=poll`);
      assert.doesNotMatch(bare.line, /idle=poll/);
    }),
  );

  it(
    "where GRUB cannot write its block, a one-shot entry is booted for ever",
    withBare({ layout: "debian", grub: { fs: "btrfs" } }, async (bare) => {
      await trial(bare, `root=UUID=${UUID} ro idle=poll`);
      await bare.reboot();
      assert.match(bare.line, / idle=poll$/);
      assert.equal(next(bare), TRIAL);
    }),
  );

  const wrong: [title: string, line: string, events: string[]][] = [
    [
      "a wrong root with panic= resets by itself, and the old line is back",
      "root=UUID=gone ro panic=15",
      ["reboot", "loads a trial", "panics: no root UUID=gone", "loads Debian GNU/Linux", "boot"],
    ],
    [
      "a wrong root without it hangs",
      "root=UUID=gone ro",
      ["reboot", "loads a trial", "hangs in boot: no root UUID=gone", "dark"],
    ],
    [
      "panic=0 is none",
      "root=/dev/gone panic=0",
      ["reboot", "loads a trial", "hangs in boot: no root /dev/gone", "dark"],
    ],
    [
      "panic=-1 resets at once",
      "root=/dev/gone panic=-1",
      ["reboot", "loads a trial", "panics: no root /dev/gone", "loads Debian GNU/Linux", "boot"],
    ],
    [
      "an init that is not there is a panic",
      `root=UUID=${UUID} init=/sbin/gone panic=1`,
      ["reboot", "loads a trial", "panics: requested init /sbin/gone failed", "loads Debian GNU/Linux", "boot"],
    ],
    [
      "what waits at a console answers nobody",
      `root=UUID=${UUID} systemd.unit=emergency.target panic=1`,
      ["reboot", "loads a trial", "hangs in boot: it waits at a console for somebody", "dark"],
    ],
  ];
  for (const [title, line, events] of wrong)
    it(
      title,
      withBare({ layout: "debian" }, async (bare) => {
        const from = bare.events.length + 1; // grub-reboot is the first
        await trial(bare, line, events.at(-1));
        assert.deepEqual(bare.events.slice(from), events);
        if (events.at(-1) === "dark") await bare.machine.powerButton();
        assert.match(bare.line, / ro quiet$/);
      }),
    );

  it(
    "a kernel that hangs needs somebody who presses the button, one that panics does not",
    withBare({ layout: "debian", kernels: [OLD, RT] }, async (bare) => {
      bare.write(`boot/vmlinuz-${RT}`, `lab kernel ${RT} hangs\n`);
      await bare.reboot("dark");
      assert.equal(bare.machine.state().power, "dark");
      bare.write(`boot/vmlinuz-${RT}`, `lab kernel ${RT}\n`);
      await bare.machine.powerButton();
      assert.equal(await bare.out("uname -r"), `${RT}\n`);
    }),
  );

  it(
    "a machine without its network is up for itself, and its own unit can bring it back",
    withBare({ layout: "debian" }, async (bare) => {
      bare.write(
        "etc/systemd/system/unconfirmed.service",
        "[Unit]\nConditionKernelCommandLine=trial\n[Service]\nExecStart=/bin/sh -c 'sleep 0.1; systemctl reboot'\n",
      );
      bare.write("etc/systemd/system/multi-user.target.d/50-ours.conf", "[Unit]\nWants=unconfirmed.service\n");
      await trial(bare, `root=UUID=${UUID} ro trial module_blacklist=virtio_net`);
      assert.deepEqual(bare.events.filter((event) => !/unconfirmed|grub/.test(event)).slice(-6), [
        "loads a trial",
        "boots without a network",
        "dark",
        "reboot",
        "loads Debian GNU/Linux",
        "boot",
      ]);
      assert.match(bare.events.join("; "), /skips unconfirmed\.service: ConditionKernelCommandLine=trial/);
    }),
  );

  it(
    "a timer of ours powers it off, unless it is stopped before",
    withBare({ layout: "debian", secondMs: 1 }, async (bare) => {
      bare.write("etc/systemd/system/off.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/systemctl poweroff\n");
      bare.write("etc/systemd/system/off.timer", "[Timer]\nOnActiveSec=1h\n");
      await bare.out("systemctl start off.timer && systemctl stop off.timer");
      assert.equal((await bare.on("systemctl is-active off.timer")).out, "inactive\n");
      await bare.out("systemctl start off.timer");
      await bare.happened("off");
      assert.equal(bare.machine.state().power, "off");
      await bare.machine.powerButton();
      assert.equal((await bare.on("systemctl is-active off.timer")).out, "inactive\n", "nothing pulls it in");
    }),
  );
});
