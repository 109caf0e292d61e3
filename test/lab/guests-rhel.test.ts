import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readEnvironment } from "../../examples/lab/server/physics/grub/environment";
import { updateArgs } from "../../examples/lab/server/physics/guest/rhel/args";
import { type Bare, withBare } from "./support/bare";

const UUID = "00000000-0000-4000-8000-000000000001";
const ID = "0123456789abcdef0123456789abcdef";
const RT = "5.14.0-427.13.1.el9_4.x86_64+rt";
const OLD = "5.14.0-362.8.1.el9_3.x86_64+rt";
const LINE = "crashkernel=1G-4G:192M,4G-64G:256M console=ttyS0,115200n8";
const ENTRY = `boot/loader/entries/${ID}-${RT}.conf`;

const options = (bare: Bare, path = ENTRY): string => /^options (.*)$/m.exec(bare.read(path))?.[1] ?? "";
const variable = (bare: Bare, name: string) => readEnvironment(bare.path("boot/grub2/grubenv")).get(name);
const settings = (bare: Bare, more: string): void =>
  bare.write("etc/default/grub", bare.read("etc/default/grub").replace(LINE, `${LINE} ${more}`));

describe("lab guests: RHEL", function () {
  this.timeout(60_000);

  it(
    "boots the saved entry of its snippets: variables that are not set vanish from the line",
    withBare({ layout: "rhel", kernels: [RT, OLD] }, async (bare) => {
      assert.equal(bare.line, `BOOT_IMAGE=(hd0,gpt2)/vmlinuz-${RT} root=UUID=${UUID} ro ${LINE}`);
      assert.doesNotMatch(bare.read("boot/grub2/grub.cfg"), /^\s*linux/m);
      assert.match(bare.read("boot/grub2/grub.cfg"), /^blscfg$/m);
    }),
  );

  it(
    "settings and grub2-mkconfig change nothing, until it is asked to rewrite the entries",
    withBare({ layout: "rhel" }, async (bare) => {
      settings(bare, "idle=poll");
      await bare.out("grub2-mkconfig -o /boot/grub2/grub.cfg");
      assert.doesNotMatch(options(bare), /idle=poll/);
      await bare.out("grub2-mkconfig --update-bls-cmdline -o /boot/grub2/grub.cfg");
      assert.equal(options(bare), `root=UUID=${UUID} ro ${LINE} idle=poll`);
      await bare.reboot();
      assert.match(bare.line, / idle=poll$/);
    }),
  );

  it(
    "in RHEL 8 all entries share a line, which grub2-mkconfig writes",
    withBare({ layout: "rhel", kernelopts: true, kernels: [RT, OLD] }, async (bare) => {
      assert.equal(options(bare), "$kernelopts $tuned_params");
      settings(bare, "idle=poll");
      await bare.out("grub2-mkconfig -o /boot/grub2/grub.cfg");
      assert.equal(variable(bare, "kernelopts"), `root=UUID=${UUID} ro ${LINE} idle=poll`);
      await bare.out("grubby --update-kernel=ALL --args='mce=off idle=nomwait' --remove-args=crashkernel");
      assert.equal(variable(bare, "kernelopts"), `root=UUID=${UUID} ro console=ttyS0,115200n8 mce=off idle=nomwait`);
      assert.equal(options(bare), "$kernelopts $tuned_params", "entries that have it stay");
      await bare.out(`grubby --update-kernel=/boot/vmlinuz-${OLD} --args=quiet`);
      assert.match(options(bare, `boot/loader/entries/${ID}-${OLD}.conf`), /^root=.* quiet$/, "a single one leaves it");
      await bare.reboot();
      assert.match(bare.line, / mce=off idle=nomwait$/);
    }),
  );

  it(
    "grubby shows, changes and chooses",
    withBare({ layout: "rhel", kernels: [RT, OLD] }, async (bare) => {
      assert.equal(await bare.out("grubby --default-kernel; grubby --default-index"), `/boot/vmlinuz-${RT}\n0\n`);
      assert.equal(
        await bare.out("grubby --info=DEFAULT"),
        `index=0\nkernel="/boot/vmlinuz-${RT}"\nargs="ro ${LINE} $tuned_params"\nroot="UUID=${UUID}"\n` +
          `initrd="/boot/initramfs-${RT}.img $tuned_initrd"\ntitle="Red Hat Enterprise Linux (${RT}) 9.4 (Plow)"\nid="${ID}-${RT}"\n`,
      );
      await bare.out("grubby --update-kernel=DEFAULT --args=idle=poll");
      assert.equal(options(bare), `root=UUID=${UUID} ro ${LINE} $tuned_params idle=poll`);
      assert.doesNotMatch(options(bare, `boot/loader/entries/${ID}-${OLD}.conf`), /idle/);
      await bare.out(`grubby --set-default=/boot/vmlinuz-${OLD}`);
      await bare.reboot();
      assert.equal(await bare.out("uname -r"), `${OLD}\n`);
      const wrong = await bare.on("grubby --info=/boot/gone");
      assert.deepEqual([wrong.exit.code, wrong.err], [1, "The param /boot/gone is incorrect\n"]);
    }),
  );

  it(
    "an entry of one's own is tried once by grub2-reboot",
    withBare({ layout: "rhel" }, async (bare) => {
      const command = `grubby --copy-default --add-kernel=/boot/vmlinuz-${RT} --initrd=/boot/initramfs-${RT}.img --title=trial --args=idle=poll`;
      assert.match((await bare.on(command)).err, /^An entry for kernel .* already exists, adding .*~custom/);
      const [name = ""] = readdirSync(bare.path("boot/loader/entries")).filter((file) => file.includes("~custom"));
      await bare.out(`grub2-reboot '${name.replace(/\.conf$/, "")}'`);
      await bare.reboot();
      assert.match(bare.line, / idle=poll$/);
      await bare.reboot();
      assert.doesNotMatch(bare.line, /idle=poll/);
    }),
  );

  const wrong: [title: string, args: string, end: string][] = [
    ["panic= is not dracut's: it is a shell that waits", "panic=5", "dark"],
    ["with rd.shell=0 and rd.emergency=reboot it resets", "rd.shell=0 rd.emergency=reboot", "boot"],
    ["with rd.emergency=reboot alone the shell comes first", "rd.emergency=reboot", "dark"],
  ];
  for (const [title, args, end] of wrong)
    it(
      `a wrong root: ${title}`,
      withBare({ layout: "rhel" }, async (bare) => {
        bare.write(
          "boot/loader/entries/zz-trial.conf",
          bare
            .read(ENTRY)
            .replace(/^title.*/m, "title trial")
            .replace(`UUID=${UUID}`, `UUID=gone ${args}`),
        );
        await bare.out("grub2-reboot zz-trial");
        await bare.reboot(end);
        assert.match(bare.events.join("; "), end === "boot" ? /panics: no root UUID=gone/ : /hangs in boot: no root/);
        if (end === "boot") assert.match(bare.line, new RegExp(`root=UUID=${UUID}`));
      }),
    );

  it(
    "sysctls of its packages are in force",
    withBare({ layout: "rhel" }, async (bare) => {
      assert.equal(
        await bare.out("sysctl -n kernel.sysrq net.ipv4.conf.all.rp_filter net.ipv4.conf.default.rp_filter"),
        "16\n2\n2\n",
      );
      assert.equal((await bare.on("command -v update-grub grub-mkconfig")).out, "");
    }),
  );

  const args: [line: string, remove: string[], add: string[], expected: string][] = [
    ["a b=1 c", ["b"], [], "a c"],
    ["a b=1 b=2 c", ["b=2"], [], "a b=1 c"],
    ["a b=1 c", [], ["b=3"], "a c b=3"],
    ["console=tty0 console=ttyS0", [], ["console=tty1"], "console=tty1"],
    ["isolcpus=1 iso", ["iso"], [], "isolcpus=1"],
    ["a=b=1", [], ["a=b=2"], "a=b=2"],
  ];
  for (const [line, remove, add, expected] of args)
    it(`grubby: ${JSON.stringify(line)} without ${remove} with ${add}`, () =>
      assert.equal(updateArgs(line, remove, add), expected));
});
