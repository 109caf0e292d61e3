import assert from "node:assert/strict";
import { withBare } from "./support/bare";

const UUID = "00000000-0000-4000-8000-000000000001";
const RT = "5.15.0-1062-realtime";

describe("lab guests: Ubuntu", function () {
  this.timeout(60_000);

  it(
    "a fragment of default/grub.d wins over the file that everybody edits",
    withBare({ layout: "ubuntu" }, async (bare) => {
      assert.equal(bare.line, `BOOT_IMAGE=/boot/vmlinuz-${RT} root=UUID=${UUID} ro console=tty1 console=ttyS0`);
      const settings = bare.read("etc/default/grub");
      bare.write("etc/default/grub", settings.replace("quiet splash", "quiet splash idle=poll"));
      await bare.out("update-grub");
      await bare.reboot();
      assert.doesNotMatch(bare.line, /idle=poll/);
      bare.write(
        "etc/default/grub.d/99-ours.cfg",
        'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT idle=poll"\n',
      );
      await bare.out("update-grub");
      await bare.reboot();
      assert.match(bare.line, / ro console=tty1 console=ttyS0 idle=poll$/);
    }),
  );

  it(
    "GRUB_CMDLINE_LINUX is no fragment's, stands before the other, and is on recovery entries too",
    withBare({ layout: "ubuntu" }, async (bare) => {
      bare.write("etc/default/grub", bare.read("etc/default/grub").replace('LINUX=""', 'LINUX="mce=off"'));
      await bare.out("update-grub");
      const lines = bare.read("boot/grub/grub.cfg").match(/^\tlinux\t.* ro .*$/gm) ?? [];
      assert.deepEqual(
        lines.map((line) => line.replace(/^.* ro /, "")),
        ["mce=off console=tty1 console=ttyS0", "mce=off console=tty1 console=ttyS0", "single mce=off"],
      );
      assert.match(bare.read("boot/grub/grub.cfg"), /^menuentry 'Ubuntu' /m);
      assert.match(bare.read("boot/grub/grub.cfg"), /^set timeout_style=hidden$/m);
    }),
  );

  it(
    "settings that sh cannot read leave the menu as it is",
    withBare({ layout: "ubuntu" }, async (bare) => {
      const menu = bare.read("boot/grub/grub.cfg");
      bare.write("etc/default/grub.d/99-ours.cfg", 'GRUB_CMDLINE_LINUX_DEFAULT="idle=poll\n');
      assert.equal((await bare.on("update-grub")).exit.code, 1);
      assert.equal(bare.read("boot/grub/grub.cfg"), menu);
    }),
  );

  it(
    "its fragments of sysctl.d are in /etc, and what snaps left is there",
    withBare({ layout: "ubuntu" }, async (bare) => {
      assert.equal(await bare.out("sysctl -n kernel.printk kernel.sysrq"), "4\t4\t1\t7\n176\n");
      assert.equal((await bare.on("systemctl is-enabled snap-core20-2015.mount")).out, "static\n");
    }),
  );

  it(
    "a transient unit outlives its session, and its end is known",
    withBare({ layout: "ubuntu" }, async (bare) => {
      const waits = "while [ ! -e $PULUMI_ACRN_ROOT/tmp/go ]; do sleep 0.02; done";
      await bare.out(`systemd-run --unit=ours --collect sh -c '${waits}; echo done >$PULUMI_ACRN_ROOT/tmp/ours'`);
      assert.equal((await bare.on("systemctl is-active ours")).out, "active\n");
      bare.write("tmp/go", "");
      const hears = "while [ ! -s $PULUMI_ACRN_ROOT/tmp/ours ]; do sleep 0.02; done; cat $PULUMI_ACRN_ROOT/tmp/ours";
      assert.equal(await bare.out(`systemd-run --quiet --pipe --wait sh -c '${hears}'`), "done\n");
      await bare.out("while systemctl --quiet is-active ours >$PULUMI_ACRN_ROOT/tmp/state; do sleep 0.02; done");
      assert.equal(bare.read("tmp/state"), "");
      assert.equal((await bare.on("systemd-run --quiet --pipe --wait sh -c 'exit 7'")).exit.code, 7);
    }),
  );
});
