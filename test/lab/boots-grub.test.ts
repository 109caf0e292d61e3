import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { boots } from "../../examples/lab/boots";
import { builtHosts, layDown } from "../../examples/lab/hosts";
import type { GrubSpec } from "../../examples/lab/server/physics/grub/spec";
import { temporary } from "../host/helpers";

const MENU = "boot/grub/grub.cfg";
const GRUBENV = "boot/grub/grubenv";
const PROMOTED = "var/lib/pulumi-acrn/images/promoted";
const ID = "0123456789abcdef";

describe("lab: does the menu boot?", () => {
  const host = (grub: GrubSpec = {}, index = 0): string => {
    const dir = temporary();
    const plan = builtHosts()[index];
    assert.ok(plan);
    layDown({ ...plan, tree: { ...plan.tree, grub } }, dir);
    const own = {
      [`boot/pulumi-acrn/${ID}/acrn.bin`]: "x",
      [`boot/pulumi-acrn/${ID}/entry`]: "x",
      [PROMOTED]: `${ID}\n`,
    };
    for (const [path, text] of Object.entries(own)) put(dir, path, text);
    return dir;
  };
  const put = (dir: string, path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };

  for (const [index, { host: spec }] of builtHosts().entries())
    for (const bootPartition of [false, true])
      it(`${spec.name}'s does${bootPartition ? ", also with /boot on a partition of its own" : ""}`, () =>
        assert.deepEqual(boots(host({ bootPartition }, index)), []));

  const rows: [
    title: string,
    path: string,
    change: ((text: string) => string) | undefined,
    at: string,
    trouble: RegExp,
  ][] = [
    [
      "a default that is no entry",
      MENU,
      (text) => text.replace(/set default="acrn[^"]*"/, 'set default="gone"'),
      MENU,
      /its default "gone" is no entry/,
    ],
    ["a menu without entries", MENU, () => 'set default="0"\n', MENU, /it has no entry/],
    [
      "an image that is gone",
      "boot/acrn-3.3.bin",
      undefined,
      MENU,
      /its default entry: file `\/boot\/acrn-3\.3\.bin' not found/,
    ],
    ["an empty kernel", "boot/vmlinuz-6.1.80-acrn-service-vm", () => "", MENU, /premature end of file \/boot\/vmlinuz/],
    [
      "an initrd that is gone",
      "boot/initrd.img-6.1.80-acrn-service-vm",
      undefined,
      MENU,
      /initrd\.img-6\.1\.80-acrn-service-vm' not found/,
    ],
    ["a block that lost a byte", GRUBENV, (text) => text.slice(1), GRUBENV, /it has 1023 bytes, not 1024/],
    ["a block of nothing", GRUBENV, () => "\0".repeat(1024), GRUBENV, /it is no environment block/],
    ["an empty word of what is promoted", PROMOTED, () => "", PROMOTED, /it names no image: ""/],
    ["half a word of it", PROMOTED, () => "01234", PROMOTED, /it names no image/],
    [
      "a promoted image that is not installed",
      `boot/pulumi-acrn/${ID}/acrn.bin`,
      undefined,
      PROMOTED,
      /acrn\.bin is not there, or empty/,
    ],
    ["one without its entry", `boot/pulumi-acrn/${ID}/entry`, () => "", PROMOTED, /entry is not there, or empty/],
  ];
  for (const [title, path, change, at, trouble] of rows)
    it(`${title} is said`, () => {
      const dir = host();
      if (change) put(dir, path, change(readFileSync(join(dir, path), "latin1")));
      else rmSync(join(dir, path));
      const found = boots(dir).filter((line) => line.startsWith(`/${at}: `));
      assert.equal(found.length, 1, boots(dir).join("\n"));
      assert.match(found[0] ?? "", trouble);
    });

  it("images that were promoted before it are no trouble, whether they are there or not", () => {
    const dir = host();
    put(dir, PROMOTED, `${ID}\n${"f".repeat(16)}\n`);
    assert.deepEqual(boots(dir), []);
  });

  it("what no menu is promoted by, is no trouble", () => {
    const dir = host();
    rmSync(join(dir, "boot/grub"), { recursive: true });
    rmSync(join(dir, PROMOTED));
    assert.deepEqual(boots(dir), []);
  });
});
