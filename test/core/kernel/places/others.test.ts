import assert from "node:assert/strict";
import type { FieldValue, Surface } from "../../../../provider/core/claims/types";
import { blsSurface, blsValues } from "../../../../provider/core/kernel/places/bls";
import { bootLabel, extlinuxSurface } from "../../../../provider/core/kernel/places/extlinux";
import { editBootArgs, kernelCmdlineSurface } from "../../../../provider/core/kernel/places/plain";
import { kargsWords } from "../../../../provider/core/kernel/places/rpm-ostree";
import { said, thereAndBack } from "./surface";

const RHEL = `title Red Hat Enterprise Linux (5.14.0-427.el9.x86_64) 9.4 (Plow)
version 5.14.0-427.el9.x86_64
linux /vmlinuz-5.14.0-427.el9.x86_64
initrd /initramfs-5.14.0-427.el9.x86_64.img $tuned_initrd
options root=/dev/mapper/rhel-root ro rhgb quiet $tuned_params
grub_users $grub_users
grub_class rhel
`;
const KERNELOPTS = "title x\nlinux /vmlinuz\noptions $kernelopts\n";
const ARCH = `# arch
title   Arch Linux RT
linux   /vmlinuz-linux-rt
initrd  /initramfs-linux-rt.img
options	root=PARTUUID=9a rw
options	quiet
`;
const EXTLINUX = `DEFAULT linux
TIMEOUT 30
LABEL linux
	LINUX ../vmlinuz
	Append root=/dev/sda1 ro quiet
LABEL old
	LINUX ../vmlinuz.old
	APPEND root=/dev/sda1 ro
`;

const [GRUB, BOOT, EXT] = [blsSurface("grub"), blsSurface("systemd-boot"), extlinuxSurface()];

describe("files with the line as it is", () => {
  const ROWS: [what: string, surface: Surface, text: string, value: FieldValue, after: string][] = [
    ["RHEL's entry", GRUB, RHEL, "1", RHEL.replace("$tuned_params", "$tuned_params a=1")],
    ["an entry of variables alone", GRUB, KERNELOPTS, "1", KERNELOPTS.replace("$kernelopts", "$kernelopts a=1")],
    ["the first of two lines, where GRUB reads", GRUB, ARCH, "1", ARCH.replace("rw", "rw a=1")],
    ["the last of two lines, where systemd-boot reads", BOOT, ARCH, "1", ARCH.replace("quiet", "quiet a=1")],
    ["a blank in a value, where systemd-boot reads", BOOT, ARCH, "b c", ARCH.replace("quiet", 'quiet a="b c"')],
    [
      "an indented entry with Windows line ends",
      BOOT,
      "linux /x\r\n  options a=0 b\r\n",
      "1",
      "linux /x\r\n  options a=1 b\r\n",
    ],
    ["a word alone on its line", BOOT, "options b\noptions a=0\n", "1", "options b\noptions a=1\n"],
    ["an empty key", BOOT, "linux /x\noptions \n", "1", "linux /x\noptions a=1\n"],
    ["/etc/kernel/cmdline", kernelCmdlineSurface, "root=/dev/sda1 ro\n", "1", "root=/dev/sda1 ro a=1\n"],
    ["/etc/kernel/cmdline of several lines", kernelCmdlineSurface, "ro\nquiet\n", "1", "ro\nquiet a=1\n"],
    ["/etc/kernel/cmdline with nothing in it", kernelCmdlineSurface, "", "1", "a=1"],
    ["the label that boots", EXT, EXTLINUX, "1", EXTLINUX.replace("ro quiet", "ro quiet a=1")],
    ["another label by its name", extlinuxSurface("old"), EXTLINUX, "1", EXTLINUX.replace(/ro\n$/, "ro a=1\n")],
    ["the last append of a label", EXT, "label l\n append b\n append c\n", "1", "label l\n append b\n append c a=1\n"],
  ];
  for (const [what, surface, text, value, after] of ROWS)
    it(what, () => {
      assert.deepEqual(thereAndBack(surface, text, "a", value), [after, text]);
      assert.equal(surface.write(after, "/f", "param[a]", value), after);
      assert.ok(!surface.sameFields(text, after, "/f"));
    });

  const NEW: [what: string, surface: Surface, text: string, after: string][] = [
    ["an entry without options", BOOT, "title x\nlinux /x", "title x\nlinux /x\noptions a=1\n"],
    ["the key without a blank", BOOT, "options\nlinux /x\n", "options a=1\nlinux /x\n"],
    [
      "a label without append",
      EXT,
      "default l\nlabel l\n\tkernel /x\nlabel m\n",
      "default l\nlabel l\n\tkernel /x\n\tappend a=1\nlabel m\n",
    ],
    ["an append without anything", EXT, "label l\n append\n kernel /x\n", "label l\n append a=1\n kernel /x\n"],
  ];
  for (const [what, surface, text, after] of NEW)
    it(`${what} gets a line, and given back it says what it said`, () => {
      const [set, back] = thereAndBack(surface, text, "a", "1");
      assert.equal(set, after);
      assert.ok(surface.sameFields(back, text, "/f"), back);
    });

  const REFUSED: [what: string, surface: Surface, text: string, why: RegExp][] = [
    ["quotes that systemd-boot takes off", BOOT, 'options "a=1 b"\n', /takes the quotes off/],
    ["a comment in /etc/kernel/cmdline", kernelCmdlineSurface, "ro\n# a=1\n", /^line 2: it has a comment/],
    ["an append for all labels", EXT, "append b\nlabel l\n kernel /x\n", /^line 1: label l has no append/],
    ["an append that is none", EXT, "append b\nlabel l\n append -\n", /^line 3: `append -`/],
    ["no label", EXT, "timeout 3\n", /no label/],
    ["two labels of one name", EXT, "default l\nlabel l\nlabel l\n", /2 labels/],
    [
      "DEFAULT against ONTIMEOUT",
      EXT,
      "ontimeout b\ndefault a\nlabel a\nlabel b\n",
      /^line 2: DEFAULT and ONTIMEOUT differ/,
    ],
    ["a DEFAULT that names no label", EXT, "default a x\nlabel a\n", /names no label/],
  ];
  for (const [what, surface, text, why] of REFUSED)
    it(`no place: ${what}`, () => {
      assert.match(String(said(surface, text, "a")), why);
      assert.throws(() => surface.write(text, "/f", "param[a]", "9"), { code: "cmdline.computed" });
    });

  it("values that would be taken apart on their way are refused", () => {
    assert.throws(() => GRUB.write(RHEL, "/f", "param[a]", "b c"), { code: "cmdline.place" });
    assert.throws(() => EXT.write(EXTLINUX, "/f", "param[a]", "$b"), { code: "cmdline.place" });
  });

  it("an entry's keys", () => {
    assert.deepEqual(blsValues(RHEL, "linux"), ["/vmlinuz-5.14.0-427.el9.x86_64"]);
    assert.deepEqual(blsValues(ARCH, "options"), ["root=PARTUUID=9a rw", "quiet"]);
    assert.deepEqual(blsValues("#linux /x\n", "linux"), []);
  });
});

describe("which label extlinux boots", () => {
  const ROWS: [what: string, text: string, label: string][] = [
    ["DEFAULT", "default b\nlabel a\nlabel b\n", "b"],
    ["DEFAULT at the end", "label a\nlabel b\ndefault b\n", "b"],
    ["ONTIMEOUT behind DEFAULT", "default a\nontimeout b\nlabel a\nlabel b\n", "b"],
    ["both lines agree", "default b\nontimeout b\nlabel a\nlabel b\n", "b"],
    ["the menu's own default", "default vesamenu.c32\nlabel a\nlabel b\n  menu default\n", "b"],
    ["the first one of a menu", "ui menu.c32\nlabel a\nlabel b\n", "a"],
  ];
  for (const [what, text, label] of ROWS) it(what, () => assert.deepEqual(bootLabel(text), { known: true, label }));
});

describe("acrn-dm -B and rpm-ostree", () => {
  it("-B: the string alone, of at most 1023 bytes", () => {
    assert.equal(editBootArgs("rw", "param[idle]", "poll"), "rw idle=poll");
    assert.equal(editBootArgs("rw idle=poll", "param[idle]", null), "rw");
    assert.equal(editBootArgs("x".repeat(1020), "param[a]", true).length, 1022);
    assert.throws(() => editBootArgs("x".repeat(1020), "param[ab]", "x"), /and acrn-dm's -B takes 1023/);
  });

  const KARGS: [what: string, line: string, key: string, value: string | true | string[] | null, words: string[]][] = [
    ["new", "root=x", "a", "1", ["--append=a=1"]],
    ["there", "root=x a=1", "a", "1", []],
    ["another value", "a=2", "a", "1", ["--delete-if-present=a=2", "--append=a=1"]],
    ["gone", "rcu-nocb-poll b", "rcu_nocb_poll", null, ["--delete-if-present=rcu-nocb-poll"]],
    ["as it is spelled", "rcu-nocbs=1", "rcu_nocbs", "2", ["--delete-if-present=rcu-nocbs=1", "--append=rcu-nocbs=2"]],
    [
      "a list",
      "console=a",
      "console",
      ["b", "a"],
      ["--delete-if-present=console=a", "--append=console=b", "--append=console=a"],
    ],
  ];
  for (const [what, line, key, value, words] of KARGS)
    it(`rpm-ostree kargs: ${what}`, () =>
      assert.deepEqual(kargsWords(line, [{ key, value }]), words.length > 0 ? ["rpm-ostree", "kargs", ...words] : []));
});
