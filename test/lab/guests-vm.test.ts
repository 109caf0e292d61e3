import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHostSpec } from "../../examples/lab/lab";
import { failure } from "../host/ssh/support";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { type Cell, RT, SCRIPT, STD, withCell } from "./support/cell";

const UUID = "00000000-0000-4000-8000-000000000001";
const KERNEL = "6.1.0-18-rt-amd64";

const guests: NonNullable<LabHostSpec["guests"]> = {
  [RT]: { address: "192.168.1.10", layout: "debian", secondMs: 1 },
  [STD]: { address: "192.168.1.11", layout: "debian", secondMs: 1 },
};

const tree = (cell: Cell, vm: string): string => {
  const found = cell.lab.host("cell-1").guests.find((guest) => guest.vm === vm);
  assert.ok(found);
  return found.front.dir;
};

const line = (cell: Cell, vm: string): string => readFileSync(join(tree(cell, vm), "proc/cmdline"), "utf8").trim();

/** A line to be booted once. */
async function arm(cell: Cell, vm: string, more: string): Promise<void> {
  const entry = `menuentry 'a trial' --id trial {\n\tlinux /boot/vmlinuz-${KERNEL} ${more}\n\tinitrd /boot/initrd.img-${KERNEL}\n}\n`;
  writeFileSync(join(tree(cell, vm), "boot/grub/custom.cfg"), entry);
  assert.equal((await cell.in(vm, "grub-reboot trial")).exit.code, 0);
}

/** What happened since, of this VM and of the host. */
const since = (cell: Cell, from: number): string[] => cell.events.slice(from).filter((event) => !/shared/.test(event));

describe("lab guests: inside a VM", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  it(
    "an RTVM boots what its GRUB says, at each launch",
    withCell({ guests }, async (cell) => {
      await failure(cell.in(RT, "true"));
      await cell.launch(RT);
      await cell.happened(`${RT} boots`);
      assert.equal(line(cell, RT), `BOOT_IMAGE=/boot/vmlinuz-${KERNEL} root=UUID=${UUID} ro quiet`);
      assert.equal((await cell.in(RT, "systemctl is-active ssh")).out, "active\n");
      await arm(cell, RT, `root=UUID=${UUID} ro idle=poll`);
      const from = cell.events.length;
      await cell.in(RT, "poweroff").catch(() => undefined);
      await cell.happened(`power-off ${RT}`);
      await failure(cell.in(RT, "true"));
      await cell.launch(RT);
      await cell.happened(`${RT} boots`, from);
      assert.match(line(cell, RT), / idle=poll$/);
      assert.match(
        since(cell, from).join("; "),
        new RegExp(`power-off ${RT}; launch ${RT}; ${RT} loads a trial; ${RT} boots`),
      );
    }),
  );

  it(
    "a standard VM whose trial panics resets alone, and boots its old line; acrn-dm stays the same process",
    withCell({ guests }, async (cell) => {
      await cell.launch(STD);
      await cell.happened(`${STD} boots`);
      const pid = cell.pid(STD);
      await arm(cell, STD, "root=UUID=gone ro panic=15");
      const from = cell.events.length;
      await cell.in(STD, "reboot").catch(() => undefined);
      await cell.happened(`${STD} boots`, from);
      assert.deepEqual(since(cell, from), [
        `restart ${STD}`,
        `${STD} loads a trial`,
        `${STD} panics: no root UUID=gone`,
        `restart ${STD}`,
        `${STD} loads Debian GNU/Linux`,
        `${STD} boots`,
      ]);
      assert.equal(cell.pid(STD), pid);
      assert.match(line(cell, STD), / ro quiet$/);
    }),
  );

  /** Powers off, and launches with the line armed. */
  async function power(cell: Cell, more: string, event: string | RegExp): Promise<number> {
    await cell.launch(RT);
    await cell.happened(`${RT} boots`);
    await arm(cell, RT, more);
    await cell.in(RT, "poweroff").catch(() => undefined);
    await cell.happened(`power-off ${RT}`);
    const from = cell.events.length;
    await cell.launch(RT);
    await cell.happened(event, from);
    return from;
  }

  it(
    "a trial with panic= inside an RTVM takes the whole host down",
    withCell({ guests }, async (cell) => {
      const from = await power(cell, "root=UUID=gone ro panic=15", "boot");
      assert.deepEqual(since(cell, from).slice(0, 4), [
        `launch ${RT}`,
        `${RT} loads a trial`,
        `${RT} panics: no root UUID=gone`,
        `reset by ${RT}`,
      ]);
    }),
  );

  it(
    "with reboot=t its reset is a triple fault: the VM is off, the host can launch again, and GRUB has forgotten the trial",
    withCell({ guests }, async (cell) => {
      const from = await power(cell, "root=UUID=gone ro panic=15 reboot=t", `power-off ${RT}`);
      assert.deepEqual(since(cell, from).slice(-3), [
        `${RT} panics: no root UUID=gone`,
        `triple fault in ${RT}`,
        `power-off ${RT}`,
      ]);
      assert.equal(cell.machine.state().boots, 1);
      const again = cell.events.length;
      await cell.start(`bash ${SCRIPT[RT]}`, `launch ${RT}`);
      await cell.happened(`${RT} boots`, again);
      assert.match(line(cell, RT), / ro quiet$/);
    }),
  );

  it(
    "without panic= it hangs: nobody answers, nothing ends it, and acrn-dm stays",
    withCell({ guests }, async (cell) => {
      await power(cell, "root=UUID=gone ro", `${RT} hangs in boot: no root UUID=gone`);
      await failure(cell.in(RT, "true"));
      assert.match((await cell.on(`acrnctl stop ${RT}`)).err + (await cell.on(`acrnctl list`)).out, /started/);
      assert.equal(cell.machine.vms()[0]?.state, "running");
      assert.ok(cell.pid(RT));
    }),
  );

  it(
    "a guest that lost its network powers itself off, because a unit of ours says so",
    withCell({ guests }, async (cell) => {
      const etc = "etc/systemd/system";
      const put = (path: string, text: string) => writeFileSync(join(tree(cell, RT), etc, path), text);
      put("confirm.timer", "[Unit]\nConditionKernelCommandLine=trial\n[Timer]\nOnActiveSec=100\n");
      put("confirm.service", "[Service]\nType=oneshot\nExecStart=/sbin/poweroff\n");
      await cell.launch(RT);
      await cell.happened(`${RT} boots`);
      await cell.in(RT, "mkdir -p $PULUMI_ACRN_ROOT/etc/systemd/system/timers.target.d");
      put("timers.target.d/50-confirm.conf", "[Unit]\nWants=confirm.timer\n");
      await cell.in(RT, "poweroff").catch(() => undefined);
      await cell.happened(`power-off ${RT}`);
      const from = await power(cell, `root=UUID=${UUID} ro trial modprobe.blacklist=virtio_net`, /^power-off/);
      assert.ok(since(cell, from).includes(`${RT} boots without a network`));
      assert.equal(cell.machine.state().boots, 1);
    }),
  );

  it(
    "of a guest with -k and -B the launch script has the line, and of one with firmware one-shot choices are lost with the power",
    withCell(
      {
        guests: {
          [RT]: { address: "192.168.1.10", layout: "script" },
          [STD]: { address: "192.168.1.11", layout: "yocto" },
        },
      },
      async (cell) => {
        const given = "root=/dev/vda2 rw idle=poll";
        await cell.start(
          `acrn-dm --cpu_affinity 6 -m 1G --rtvm --lapic_pt -k /root/bzImage -B "${given}" ${RT}`,
          `launch ${RT}`,
        );
        await cell.happened(`${RT} boots`);
        assert.equal(line(cell, RT), given);
        await cell.launch(STD);
        await cell.happened(`${STD} boots`);
        const dir = tree(cell, STD);
        writeFileSync(
          join(dir, "boot/loader/entries/trial.conf"),
          "title trial\nlinux /bzImage\noptions root=/dev/vda2 idle=poll\n",
        );
        assert.equal((await cell.in(STD, "bootctl set-oneshot trial.conf")).exit.code, 0);
        await cell.in(STD, "poweroff").catch(() => undefined);
        await cell.happened(`power-off ${STD}`);
        const from = cell.events.length;
        await cell.launch(STD);
        await cell.happened(`${STD} boots`, from);
        assert.doesNotMatch(line(cell, STD), /idle=poll/);
        assert.equal((await cell.in(STD, "bootctl set-oneshot trial.conf")).exit.code, 0);
        const later = cell.events.length;
        await cell.in(STD, "reboot").catch(() => undefined);
        await cell.happened(`${STD} boots`, later);
        assert.match(line(cell, STD), /idle=poll$/, "a reset keeps them");
      },
    ),
  );
});
