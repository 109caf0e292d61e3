import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readEnvironment } from "../../examples/lab/server/physics/grub/environment";
import type { LabFlags } from "../../examples/lab/server/physics/lab-image";
import { labImage } from "../../examples/lab/server/physics/lab-image";
import { upgradeKernel } from "../../examples/lab/upgrade";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { type Cell, RT, RT_ARGS, withCell } from "./support/cell";

const MENU = "boot/grub/grub.cfg";
const RECORD = "usr/share/acrn/scenario.xml";
const ID = "0123456789abcdef";
const IMAGE = `boot/pulumi-acrn/${ID}/acrn.bin`;
const KERNEL = "6.1.80-acrn-service-vm";

/** An entry of somebody's, as our own script makes them. */
const entry = (id: string, file = `/${IMAGE}`): string => `menuentry 'image ${id}' --id pulumi-acrn-${id} {
	multiboot2 ${file} pulumi_acrn_image=${id} cpu_perf_policy=Nominal root=UUID=1 ro quiet
	module2 /boot/vmlinuz-${KERNEL} Linux_bzImage
	module2 --nounzip /boot/initrd.img-${KERNEL}
}
`;

/** An image of cell-1's own record, with its entry at the menu's end. */
function install(cell: Cell, flags: LabFlags = {}, change = (text: string) => text): void {
  const scenario = change(cell.read(RECORD));
  cell.write(IMAGE, labImage({ version: "3.3", scenario, board: cell.read("usr/share/acrn/board.xml"), flags }));
  cell.write(MENU, cell.read(MENU) + entry(ID));
}

const next = (cell: Cell): string | undefined => readEnvironment(cell.path("boot/grub/grubenv")).get("next_entry");

async function reboot(cell: Cell, event: string | RegExp = "boot"): Promise<void> {
  const from = cell.events.length;
  await cell.on("reboot").catch(() => undefined); // its connection may end before its status comes
  await cell.happened(event, from);
}

describe("lab physics: what boots", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  it(
    "a machine with a menu has booted its default",
    withCell({ menu: true }, async (cell) => {
      const { booted } = cell.machine.state();
      assert.deepEqual(booted, {
        title: `Debian GNU/Linux with ACRN hypervisor, with Linux ${KERNEL} (ACRN 3.3)`,
        id: "acrn-gnulinux-00000000-0000-4000-8000-000000000001",
        file: "/boot/acrn-3.3.bin",
        kernel: KERNEL,
        hypervisor: true,
      });
      assert.equal((await cell.on("uname -r")).out, `${KERNEL}\n`);
    }),
  );

  it(
    "grub-reboot boots an entry once; what it boots is what the image says, and the next boot is the default's",
    withCell({ menu: true }, async (cell) => {
      install(cell, {}, (text) => text.replace(/(POST_RT_VM1[\s\S]*?<pcpu_id>)3/, "$12"));
      await cell.on(`grub-reboot pulumi-acrn-${ID}`);
      assert.equal(next(cell), `pulumi-acrn-${ID}`);
      assert.equal((await cell.on("grub-editenv - list")).out, `next_entry=pulumi-acrn-${ID}\n`);
      await reboot(cell);
      assert.equal(next(cell), "");
      const { booted } = cell.machine.state();
      assert.deepEqual([booted?.image, booted?.file], [ID, `/${IMAGE}`]);
      assert.equal(
        cell.read("proc/cmdline"),
        `rw rootwait root=/dev/nvme0n1p3 console=ttyS0 quiet pulumi_acrn_image=${ID} cpu_perf_policy=Nominal root=UUID=1 ro quiet\n`,
      );
      assert.match((await cell.on(`acrn-dm ${RT_ARGS}`)).err, /invalid pCPUs \(3\); the booted image grants 2/);
      await reboot(cell);
      assert.equal(cell.machine.state().booted?.image, undefined);
      assert.doesNotMatch(cell.read("proc/cmdline"), /pulumi_acrn_image/);
      await cell.start(`acrn-dm ${RT_ARGS}`, `launch ${RT}`);
    }),
  );

  it(
    "where GRUB cannot write its block, the trial is booted for ever, as grub-reboot warned",
    withCell({ menu: true, grub: { abstraction: ["lvm"] } }, async (cell) => {
      install(cell);
      assert.equal((await cell.on("grub-probe --target=abstraction /boot/grub")).out, "lvm\n");
      assert.equal((await cell.on("grub-probe -t fs /boot/grub")).out, "ext2\n");
      assert.match((await cell.on(`grub-reboot pulumi-acrn-${ID}`)).out, /WARNING: .* on lvm device/);
      for (let turn = 0; turn < 2; turn++) {
        await reboot(cell);
        assert.equal(cell.machine.state().booted?.image, ID);
      }
    }),
  );

  const ends: [title: string, flags: LabFlags, events: RegExp[]][] = [
    ["that hangs is dark until somebody presses the button", { hangs: true }, [/^hangs in boot$/, /^dark$/]],
    [
      "that dies resets, and the default boots by itself",
      { dies: true },
      [/^reset in boot$/, /^loads Debian/, /^boot$/],
    ],
    ["that is slow takes its time", { slow: 300 }, [/^loads image/, /^boot$/]],
  ];
  for (const [title, flags, events] of ends)
    it(
      `an image ${title}`,
      withCell({ menu: true }, async (cell) => {
        install(cell, flags);
        await cell.on(`grub-set-default 0; grub-reboot pulumi-acrn-${ID}`);
        const from = cell.events.length;
        await reboot(cell, events.at(-1));
        await cell.machine.settled();
        const seen = cell.events.slice(from);
        let at = -1;
        for (const event of events) {
          at = seen.findIndex((text, index) => index > at && event.test(text));
          assert.ok(at >= 0, `${event}: ${seen.join("; ")}`);
        }
        if (flags.hangs) {
          assert.equal(cell.machine.state().power, "dark");
          await cell.machine.powerButton();
        }
        assert.equal(cell.machine.state().power, "up");
        assert.equal(cell.machine.state().booted?.image, flags.slow ? ID : undefined);
        assert.equal((await cell.on("echo up")).out, "up\n");
      }),
    );

  it(
    "a watchdog turns the hang into a reset",
    withCell({ menu: true, watchdog: true }, async (cell) => {
      install(cell, { hangs: true });
      await cell.on(`grub-reboot pulumi-acrn-${ID}`);
      await reboot(cell);
      assert.ok(cell.events.includes("watchdog"), cell.events.join("; "));
      assert.equal(cell.machine.state().booted?.image, undefined);
    }),
  );

  const broken: [title: string, text: (cell: Cell) => string, event: RegExp][] = [
    [
      "whose image is not there",
      () => entry(ID, "/boot/gone/acrn.bin"),
      /^GRUB boots nothing: file `\/boot\/gone\/acrn\.bin' not found/,
    ],
    [
      "without the Service VM's kernel",
      () => entry(ID).replace("Linux_bzImage", "other"),
      /^no module is tagged Linux_bzImage/,
    ],
  ];
  for (const [title, text, event] of broken)
    it(
      `an entry ${title} ends dark; the one after next_entry is the default again`,
      withCell({ menu: true }, async (cell) => {
        install(cell);
        cell.write(MENU, cell.read(MENU).replace(entry(ID), "") + text(cell));
        await cell.on(`grub-reboot pulumi-acrn-${ID}`);
        await reboot(cell, event);
        await cell.happened("dark");
        await cell.machine.powerButton();
        assert.equal(cell.machine.state().power, "up");
      }),
    );

  it(
    "a fallback of the menu is taken where the chosen entry does not boot",
    withCell({ menu: true }, async (cell) => {
      cell.write(MENU, `${cell.read(MENU)}set fallback="2"\n${entry(ID)}`);
      await cell.on(`grub-reboot pulumi-acrn-${ID}`);
      await reboot(cell);
      assert.match(cell.machine.state().booted?.title ?? "", /with ACRN/);
    }),
  );

  it(
    "half an image ends dark",
    withCell({ menu: true }, async (cell) => {
      install(cell);
      const text = cell.read(IMAGE);
      cell.write(IMAGE, text.slice(0, text.length / 2));
      await cell.on(`grub-reboot pulumi-acrn-${ID}`);
      await reboot(cell, "dark");
      assert.ok(cell.events.some((event) => /acrn\.bin is damaged$/.test(event)));
    }),
  );

  it(
    "Linux without hypervisor has no device, all CPUs, and starts no VM",
    withCell({ menu: true, init: "systemd" }, async (cell) => {
      await cell.on("grub-reboot 'Debian GNU/Linux'");
      await reboot(cell);
      assert.match(cell.read("proc/cmdline"), /^BOOT_IMAGE=\/boot\/vmlinuz-/);
      assert.ok(!cell.has("dev/acrn_hsm"));
      assert.match((await cell.on(`acrn-dm ${RT_ARGS}`)).err, /could not open \/dev\/acrn_hsm/);
      assert.equal((await cell.on("systemctl is-active acrnd")).out, "inactive\n");
      await reboot(cell);
      assert.ok(cell.has("dev/acrn_hsm"));
      assert.equal((await cell.on("systemctl is-active acrnd")).out, "active\n");
    }),
  );

  it(
    "update-grub on the host makes the menu of what is there now; one that fails leaves it",
    withCell({ menu: true }, async (cell) => {
      cell.write("etc/grub.d/26_mine", `#!/bin/sh\ncat <<'X'\n${entry(ID)}X\n`);
      const { err, exit } = await cell.on("update-grub");
      assert.equal(exit.code, 0, err);
      assert.match(err, /Found linux image: \/boot\/vmlinuz-/);
      assert.ok(cell.read(MENU).includes(entry(ID)));
      const before = cell.read(MENU);
      cell.machine.grub.updateFails = "no space left on device";
      cell.write("etc/grub.d/26_mine", "#!/bin/sh\n");
      const failed = await cell.on("update-grub");
      assert.equal(failed.exit.code, 1);
      assert.match(failed.err, /no space left on device/);
      assert.equal(cell.read(MENU), before);
      assert.deepEqual(
        cell.events.filter((event) => event.startsWith("update-grub")),
        ["update-grub", "update-grub failed"],
      );
      assert.equal((await cell.on("grub-mkconfig | grep -c menuentry_id_option=")).out, "0\n");
    }),
  );

  it(
    "after a kernel upgrade the packaged entry boots the new one",
    withCell({ menu: true }, async (cell) => {
      upgradeKernel(cell.path(""), { to: "6.6.9" });
      await reboot(cell);
      assert.equal((await cell.on("uname -r")).out, "6.6.9\n");
      assert.match(readFileSync(cell.path("proc/version"), "utf8"), /^Linux version 6\.6\.9 /);
    }),
  );

  it(
    "an image that takes another CPU for a pre-launched VM leaves the Service VM fewer",
    withCell({ menu: true }, async (cell) => {
      // its ids would be on the wrong side of the Service VM; the hypervisor does not look
      install(cell, {}, (text) =>
        text.replace(/(<vm id="2">\s*<load_order>)POST/, "$1PRE").replace(/RDT_ENABLED>y/, "RDT_ENABLED>n"),
      );
      await cell.on(`grub-reboot pulumi-acrn-${ID}`);
      await reboot(cell);
      assert.equal(cell.read("sys/devices/system/cpu/online"), "0-1\n");
      assert.deepEqual(
        [...cell.read("proc/cpuinfo").matchAll(/^apicid\t\t: (\d+)$/gm)].map(([, id]) => id),
        ["0", "6"],
      );
      await reboot(cell);
      assert.equal(cell.read("sys/devices/system/cpu/online"), "0-3\n");
      assert.ok(cell.has("sys/devices/system/cpu/cpu3/online"));
    }),
  );
});
