import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readVariable } from "../../examples/lab/server/physics/guest/loaders/efi-vars";
import { type Bare, withBare } from "./support/bare";

const LINE = "root=PARTUUID=00000000-0000-4000-8000-000000000002 rootwait console=ttyS0,115200";
const KERNEL = "6.6.21-rt26-yocto-preempt-rt";

const entry = (bare: Bare, name: string, more: string): void =>
  bare.write(`boot/loader/entries/${name}.conf`, `title ${name}\nlinux /bzImage\noptions ${LINE}\noptions ${more}\n`);

const names = (bare: Bare): string[] => readdirSync(bare.path("boot/loader/entries")).sort();

describe("lab guests: Yocto", function () {
  this.timeout(60_000);

  it(
    "systemd-boot boots the default of loader.conf",
    withBare({ layout: "yocto" }, async (bare) => {
      assert.equal(bare.line, `LABEL=boot ${LINE}`);
      assert.equal(await bare.out("uname -r; uname -v"), `${KERNEL}\n#1 SMP PREEMPT_RT lab\n`);
      assert.equal((await bare.on("command -v update-grub; command -v grubby")).out, "");
    }),
  );

  it(
    "an entry is tried once by bootctl set-oneshot; several lines of options are one",
    withBare({ layout: "yocto" }, async (bare) => {
      entry(bare, "trial", "idle=poll");
      await bare.out("bootctl set-oneshot trial.conf");
      assert.match(await bare.out("bootctl status"), /LoaderEntryOneShot: trial\.conf/);
      await bare.reboot();
      assert.equal(bare.line, `${LINE} idle=poll`);
      assert.equal(readVariable(bare.path(""), "LoaderEntryOneShot"), undefined);
      await bare.reboot();
      assert.equal(bare.line, `LABEL=boot ${LINE}`);
      await bare.out("bootctl set-default 'tri*'");
      await bare.reboot();
      assert.match(bare.line, /idle=poll$/);
      await bare.out("bootctl set-default ''");
      await bare.reboot();
      assert.doesNotMatch(bare.line, /idle=poll/);
    }),
  );

  it(
    "an entry that counts its boots has one less after each, and comes last when it has none",
    withBare({ layout: "yocto" }, async (bare) => {
      bare.write("boot/loader/loader.conf", "timeout 3\n");
      bare.write(
        "boot/loader/entries/boot.conf",
        bare.read("boot/loader/entries/boot.conf").replace("title boot", "title boot\nversion 1"),
      );
      entry(bare, "new+1", "idle=poll\nversion 2");
      await bare.reboot();
      assert.match(bare.line, /idle=poll$/);
      assert.deepEqual(names(bare), ["boot.conf", "new+0-1.conf"]);
      await bare.reboot();
      assert.doesNotMatch(bare.line, /idle=poll/);
    }),
  );

  it(
    "without an initrd the kernel itself panics for a root that is not there",
    withBare({ layout: "yocto" }, async (bare) => {
      bare.write("boot/loader/entries/trial.conf", "title trial\nlinux /bzImage\noptions root=/dev/gone panic=3\n");
      await bare.out("bootctl set-oneshot trial.conf");
      await bare.reboot();
      assert.match(bare.events.join("; "), /loads trial; panics: no root \/dev\/gone; loads boot; boot$/);
    }),
  );

  it(
    "extlinux boots its DEFAULT, or what ONTIMEOUT says: there is nothing for once",
    withBare({ layout: "yocto", loader: "extlinux" }, async (bare) => {
      const path = "boot/extlinux/extlinux.conf";
      assert.equal(bare.line, `BOOT_IMAGE=/boot/bzImage ${LINE}`);
      bare.write(path, `${bare.read(path)}label trial\n  linux ../bzImage\n  append ${LINE} idle=poll\n`);
      await bare.reboot();
      assert.doesNotMatch(bare.line, /idle/);
      bare.write(path, `ONTIMEOUT trial\n${bare.read(path)}`);
      for (const _ of [1, 2]) {
        await bare.reboot();
        assert.match(bare.line, /^BOOT_IMAGE=\.\.\/bzImage .* idle=poll$/);
      }
      bare.write(path, bare.read(path).replace("ONTIMEOUT trial", "ONTIMEOUT gone"));
      await bare.reboot("dark");
      assert.match(bare.events.join("; "), /hangs in boot: extlinux has no label gone/);
    }),
  );

  it(
    "with sysvinit sysctl.conf is read last, and there is no systemd",
    withBare({ layout: "yocto", init: "sysvinit" }, async (bare) => {
      bare.write("etc/sysctl.d/zz.conf", "vm.swappiness = 1\n");
      bare.write("etc/sysctl.conf", "vm.swappiness = 2\n");
      await bare.reboot();
      assert.equal(await bare.out("sysctl -n vm.swappiness"), "2\n");
      assert.ok(!bare.has("run/systemd/system") && bare.has("etc/init.d/syslog"));
    }),
  );
});
