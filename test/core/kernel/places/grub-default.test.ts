// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import type { FieldValue } from "../../../../provider/core/claims/types";
import type { AcrnError } from "../../../../provider/core/errors";
import { grubDefaultSurface } from "../../../../provider/core/kernel/places/grub-default";
import { said, thereAndBack } from "./surface";

const D = "GRUB_CMDLINE_LINUX_DEFAULT";
const surface = grubDefaultSurface(D);

const DEBIAN = `# If you change this file, run 'update-grub' afterwards to update
# /boot/grub/grub.cfg.

GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
#${D}="quiet splash"
${D}="quiet"
GRUB_CMDLINE_LINUX="console=ttyS0"

# Uncomment to disable graphical terminal
#GRUB_TERMINAL=console
`;

describe("/etc/default/grub: read", () => {
  const ROWS: [what: string, text: string, key: string, value: unknown][] = [
    ["double quotes", `${D}="quiet a=1"\n`, "a", "1"],
    ["single quotes", `${D}='quiet a=1'\n`, "a", "1"],
    ["no quotes", `${D}=a=1\n`, "a", "1"],
    ["quotes of both kinds in one value", `${D}="b "'a=1'" c"\n`, "a", "1"],
    ["exported", `export ${D}="a=1"`, "a", "1"],
    ["not the other variable", `GRUB_CMDLINE_LINUX="a=1"\n`, "a", undefined],
    ["not a comment", `#${D}="a=1"\n  # ${D}="a=2"\n`, "a", undefined],
    ["a second assignment, which counts alone", `${D}="a=1"\n${D}="b"\n`, "a", undefined],
    ["a second one that goes on", `${D}="a=1"\n${D}="$${D} a=2"\n`, "a", ["1", "2"]],
    ["one that puts it before", `${D}="a=1"\n${D}="a=2 \${${D}}"\n`, "a", ["2", "1"]],
    ["+=", `${D}="a=1"\n${D}+=" a=2"\n`, "a", ["1", "2"]],
    ["a fragment that goes on with what others set", `${D}="$${D} a=2"\n`, "a", "2"],
    ["an escaped quote", `${D}="a=\\"x y\\" b=2"\n`, "a", "x y"],
    ["what was fused: a missing space", `${D}="quiet""a=1"\n`, "a", undefined],
    ["what was fused: \\n behind the quote", `${D}="quiet a=1"\\n\n`, "a", "1n"],
  ];
  for (const [what, text, key, value] of ROWS) it(what, () => assert.deepEqual(said(surface, text, key), value));

  const REFUSED: [what: string, text: string, why: RegExp][] = [
    ["a command", `\n${D}="$(cat /proc/cmdline)"\n`, /^line 2: it is computed by \$\(cat/],
    ["backquotes", `${D}=\`cat x\`\n`, /^line 1: it is computed by/],
    ["another variable", `X=1\n${D}="quiet $X"\n`, /^line 2: it is computed by \$X/],
    ["a default", `${D}="\${X:-quiet}"\n`, /^line 1: it is computed/],
    ["a branch", `if [ -e /x ]; then\n  ${D}="quiet"\nfi\n`, /^line 2: .* only in some cases/],
    ["a condition", `[ -e /x ] && ${D}="quiet"\n`, /^line 1: .* only in some cases/],
    ["a file that is read in", `${D}="quiet"\n. /etc/other\n`, /^line 2: .* only running the file tells/],
    ["a command that sets it", `${D}="a"\nread ${D}\n`, /^line 2: .* set by a command/],
    ["a line break", `${D}="quiet\nsplash"\n`, /^line 1: a line break/],
    ["a quote that does not end", `${D}="quiet\n`, /^line 1: /],
    ["twice what was there", `${D}="a"\n${D}="$${D} $${D}"\n`, /^line 2: .* more than once/],
    ["a word of which others set a part", `${D}="\${${D}}more"\n`, /^line 1: .* one word with what other files set/],
    ["a quote of the kernel's that does not end", `${D}='a "b'\n`, /a quote that does not end/],
  ];
  for (const [what, text, why] of REFUSED)
    it(`no place: ${what}`, () => {
      assert.match(String(said(surface, text, "a")), why);
      assert.throws(
        () => surface.write(text, "/f", "param[a]", "9"),
        (error: AcrnError) =>
          error.code === "cmdline.computed" && error.where?.file === "/f" && Number(error.where.line) > 0,
      );
      assert.equal(surface.restore(text, "/f", "param[a]", undefined), text);
    });
});

describe("/etc/default/grub: written and given back", () => {
  const ROWS: [what: string, text: string, value: FieldValue, after: string][] = [
    ["Debian's file", DEBIAN, "1", DEBIAN.replace('"quiet"', '"quiet a=1"')],
    ["an empty value", `${D}=""\n`, "1", `${D}="a=1"\n`],
    ["an empty value in single quotes", `${D}=''\n`, "1", `${D}='a=1'\n`],
    ["white space in the quotes", `${D}=" quiet  "\n`, "1", `${D}=" quiet a=1  "\n`],
    ["single quotes", `${D}='quiet'\n`, "1", `${D}='quiet a=1'\n`],
    ["a comment behind it", `${D}="quiet" # no splash\n`, "1", `${D}="quiet a=1" # no splash\n`],
    ["Windows line ends", `X=1\r\n${D}="quiet"\r\n`, "1", `X=1\r\n${D}="quiet a=1"\r\n`],
    ["no line end", `${D}="quiet"`, "1", `${D}="quiet a=1"`],
    ["the assignment that counts", `${D}="a=1"\n${D}="b"\n`, "2", `${D}="a=1"\n${D}="b a=2"\n`],
    ["the later of two that go together", `${D}="b"\n${D}="$${D} c"\n`, "2", `${D}="b"\n${D}="$${D} c a=2"\n`],
    ["in its place in the former", `${D}="b a=1"\n${D}="$${D} c"\n`, "2", `${D}="b a=2"\n${D}="$${D} c"\n`],
    ["behind what others set", `${D}="$${D}"\n`, "2", `${D}="$${D} a=2"\n`],
    ["out of it", `${D}="b a=1 c"\n`, null, `${D}="b c"\n`],
    ["in its place without quotes", `${D}=a=1\n`, "2", `${D}=a=2\n`],
    ["as a list", `${D}="a=1 b"\n`, ["1", "2"], `${D}="a=1 a=2 b"\n`],
  ];
  for (const [what, text, value, after] of ROWS)
    it(what, () => {
      assert.deepEqual(thereAndBack(surface, text, "a", value), [after, text]);
      assert.equal(surface.write(after, "/f", "param[a]", value), after);
    });

  const LOOSE: [what: string, text: string, after: string][] = [
    ["no quotes: they are put around", `${D}=quiet\n`, `${D}="quiet a=1"\n`],
    ["nothing at all", `${D}=\n`, `${D}="a=1"\n`],
    ["the variable is not there", "X=1", `X=1\n${D}="a=1"\n`],
    ["the file is not there", "", `${D}="a=1"\n`],
    ["only a comment is there", `#${D}="x"\n`, `#${D}="x"\n${D}="a=1"\n`],
  ];
  for (const [what, text, after] of LOOSE)
    it(`${what}; given back, it says what it said`, () => {
      const [set, back] = thereAndBack(surface, text, "a", "1");
      assert.equal(set, after);
      assert.ok(surface.sameFields(back, text, "/f"), back);
      assert.ok(!surface.sameFields(set, text, "/f"));
    });

  it("compares comments and other variables too", () => {
    assert.ok(surface.sameFields(DEBIAN, DEBIAN.replace("\n\n", "\n"), "/f"));
    for (const other of [
      DEBIAN.replace("TIMEOUT=5", "TIMEOUT=6"),
      DEBIAN.replace("# Un", "# un"),
      DEBIAN.replace('"quiet"', '"quiet b"'),
    ])
      assert.ok(!surface.sameFields(DEBIAN, other, "/f"));
  });

  for (const value of ["a b", "1;2", "64K$0x1", "'", "\\", "*", "a&b", "(x|y)", "{x}"])
    it(`refuses what GRUB would take apart: ${value}`, () =>
      assert.throws(() => surface.write(DEBIAN, "/f", "param[a]", value), { code: "cmdline.place" }));

  it("refuses a line that the kernel would cut, and lets one be shortened that is too long", () => {
    const long = `${D}="a=1 ${"x".repeat(2043)}"\n`;
    assert.throws(() => surface.write(long, "/f", "param[b]", "1"), /has 2051 bytes, and an x86 kernel takes 2047/);
    const longer = `${D}="a=123 ${"x".repeat(2080)}"\n`;
    assert.equal(said(surface, surface.write(longer, "/f", "param[a]", "1"), "a"), "1");
  });

  it("takes what it wrote, and no field of another kind", () => {
    assert.ok(surface.takes("param[a]", "1"));
    assert.ok(surface.takes("param[a]", ["1", "2"]));
    assert.ok(!surface.takes("param[a]", 1));
    assert.ok(!surface.takes("param[a]", "1", "raw"));
    assert.ok(surface.takes("what[a]", 1, "raw"));
    assert.throws(() => surface.read("", "/f", "arg[-m]"), { code: "field.unknown" });
    assert.deepEqual([true, null, "", "2-3", ["a", "b"]].map(surface.show), ["given", "(absent)", '""', "2-3", "a, b"]);
  });
});
