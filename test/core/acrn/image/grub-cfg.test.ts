import assert from "node:assert/strict";
import { readGrubCfg, topEntry } from "../../../../provider/core/acrn/image/grub-cfg";
import type { AcrnError } from "../../../../provider/core/errors";

const block = (otherwise: string) => `if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="${otherwise}"
fi
`;

const [SAVED, MINE] = ["saved_entry", "mine"].map((name) => `\${${name}}`) as [string, string];

const MENU = `function gfxmode {
	set gfxpayload="\${1}"
}
menuentry 'Debian' --class debian $menuentry_id_option 'debian-1' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; fi
	linux	/vmlinuz root=UUID=1 ro # menuentry 'no' {
}
submenu 'Advanced; "options"' $menuentry_id_option 'advanced' {
	menuentry 'It'\\''s old' --id old { linux /old ; }
	menuentry "recovery" \${menuentry_id_option} 'rec' {
		echo 'a } in quotes'
	}
}
menuentry 'Image' --id 'pulumi-acrn-0123456789abcdef' { multiboot2 /acrn.bin }
if [ "$grub_platform" = "efi" ]; then
	fwsetup --is-supported
fi
`;

describe("GRUB's generated menu", () => {
  it("has entries with their place, and a block for one boot", () => {
    const menu = readGrubCfg(block("0") + MENU);
    assert.equal(menu.nextEntry, true);
    assert.deepEqual(
      menu.entries.map(({ id, title, submenu, path }) => [id, title, submenu, path.join(">")]),
      [
        ["debian-1", "Debian", false, "0"],
        ["advanced", 'Advanced; "options"', true, "1"],
        ["old", "It's old", false, "1>0"],
        ["rec", "recovery", false, "1>1"],
        ["pulumi-acrn-0123456789abcdef", "Image", false, "2"],
      ],
    );
    assert.equal(topEntry(menu, "pulumi-acrn-0123456789abcdef")?.title, "Image");
    assert.equal(topEntry(menu, "old"), undefined);
    assert.equal(topEntry(readGrubCfg(block("0") + MENU + MENU), "debian-1"), undefined);
  });

  const defaults: readonly (readonly [string, string, string | RegExp, string?])[] = [
    ["an index", block("0"), "debian-1"],
    ["an index that counts a submenu as one", block("2"), "pulumi-acrn-0123456789abcdef"],
    ["an id", block("pulumi-acrn-0123456789abcdef"), "pulumi-acrn-0123456789abcdef"],
    ["a title", block("Debian"), "debian-1"],
    ["a way into a submenu", block("advanced>1"), "rec"],
    ["a submenu", block("1"), /no one entry/],
    ["nothing that is there", block("gone"), /no one entry/],
    ["the saved one", block(SAVED), "old", "advanced>old"],
    ["the saved one, and none is saved", block(SAVED), "debian-1"],
    ["a variable", block(MINE), /only GRUB/],
    ["set once more", `${block("0")}set default=2\n`, /more than once/],
    ["no block", "set default=0\n", /no block/],
    ["a block that would boot the trial for ever", block("0").replace("   save_env next_entry\n", ""), /no block/],
    ["two blocks", block("0") + block("0"), /no block/],
    [
      "a button's block before it",
      `if cmostest 1 ; then\n set default="1"\n${block("0").replace("if", "elif")}`,
      /more than once/,
    ],
  ];
  for (const [what, text, expected, saved = ""] of defaults)
    it(`boots by default ${what}`, () => {
      const { default: found } = readGrubCfg(text + MENU, { saved });
      const said = found.known ? found.entry.id : found.why;
      if (typeof expected === "string") assert.equal(said, expected);
      else assert.match(said ?? "", expected);
      assert.equal(found.known, typeof expected === "string");
    });

  for (const [what, text, line] of [
    ["a quote that does not end", "echo a\necho 'b\n", 2],
    ["a block that does not end", "menuentry x {\n", 1],
    ["a brace too many", "}\n", 1],
    ["submenus in each other without end", "submenu a {\n".repeat(65), 65],
  ] as const)
    it(`refuses ${what}, with its place`, () => {
      assert.throws(
        () => readGrubCfg(text),
        (error: AcrnError) => {
          assert.equal(error.code, "grub-cfg.syntax");
          assert.equal(error.where?.line, line);
          return true;
        },
      );
    });
});
