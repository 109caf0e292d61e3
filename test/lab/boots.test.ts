import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { boots } from "../../examples/lab/boots";
import { builtHosts, layDown } from "../../examples/lab/hosts";
import { autostartScript } from "../../provider/core/acrn/launch/autostart";
import { wrappedScript } from "../../provider/core/acrn/launch/wrapped-script";
import { temporary } from "../host/helpers";

const SOURCE = "var/lib/pulumi-acrn/scenario.xml";
const LEDGER = "var/lib/pulumi-acrn/ledger.json";
const UNIT = "etc/systemd/system/rt.service";

describe("lab: does the tree boot?", () => {
  const host = (index: number): string => {
    const dir = temporary();
    const plan = builtHosts()[index];
    assert.ok(plan);
    layDown(plan, dir);
    return dir;
  };
  const put = (dir: string, path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), mode);
  };

  for (const [index, { host: spec }] of builtHosts().entries())
    it(`${spec.name} does, also with a source, a ledger and a unit of ours`, () => {
      const dir = host(index);
      assert.deepEqual(boots(dir), []);
      put(dir, SOURCE, readFileSync(join(dir, "usr/share/acrn/scenario.xml"), "utf8"));
      put(dir, LEDGER, '{"format":1,"sequence":0,"owners":{},"documents":{},"fields":{}}');
      put(dir, "usr/lib/acrn/start", "#!/bin/sh\nexec true\n", 0o755);
      put(dir, UNIT, "[Service]\nExecStart=-/usr/lib/acrn/start now\n");
      assert.deepEqual(boots(dir), []);
    });

  const SCRIPT = "usr/share/acrn/launch-scripts/cell-1-board/shared/launch_user_vm_id1.sh";
  const half = (text: string) => text.slice(0, text.length / 2);
  const rows: [title: string, path: string, change: (text: string) => string, trouble: RegExp][] = [
    ["an empty image", "boot/acrn-3.3.bin", () => "", /it is empty/],
    ["an empty launch script", SCRIPT, () => "", /starts no VM/],
    ["half a launch script", SCRIPT, (text) => `${half(text)}\nacrn-dm "$(`, /bash cannot read it/],
    [
      "a launch script that lost its end",
      SCRIPT,
      (text) => text.slice(0, text.indexOf("function add_cpus")),
      /starts no VM/,
    ],
    ["an open quote for GRUB", "etc/default/grub", (text) => `${text}GRUB_CMDLINE_LINUX="quiet`, /sh cannot read it/],
    ["the same in grub.d", "etc/default/grub.d/acrn.cfg", () => 'A="', /sh cannot read it/],
    ["half a menu", "boot/grub/grub.cfg", () => "menuentry 'ACRN' {\n  multiboot2 /boot/acrn.bin\n", /not closed/],
    ["a unit without its program", UNIT, () => "[Service]\nExecStart=/usr/bin/gone\n", /gone, which cannot/],
    ["an empty unit", UNIT, () => "", /starts nothing/],
    ["half a source", SOURCE, () => "<acrn-config><hv/><vm id='0'>", /no XML/],
    ["an empty source", SOURCE, () => "", /no XML/],
    ["a source without VM", SOURCE, () => "<acrn-config><hv/></acrn-config>", /no VM/],
    ["a source without <hv>", SOURCE, () => "<acrn-config><vm id='0'/></acrn-config>", /0 <hv>/],
    ["two VMs with one id", SOURCE, () => "<acrn-config><hv/><vm id='0'/><vm id='0'/></acrn-config>", /one id/],
    ["another root", SOURCE, () => "<config/>", /root is <config>/],
    ["half a board", "usr/share/acrn/board.xml", half, /no XML/],
    ["an empty ledger", LEDGER, () => "", /no JSON/],
    ["half a ledger", LEDGER, () => '{"format":1,"owners":{}', /no JSON/],
    ["another file in the ledger's place", LEDGER, () => '{"format":1}', /no ledger/],
  ];
  for (const [title, path, change, trouble] of rows)
    it(`${title} is said`, () => {
      const dir = host(0);
      const at = join(dir, path);
      const before = boots(dir).length === 0 && change.length > 0 ? readFileSync(at, "utf8") : "";
      put(dir, path, change(before));
      const found = boots(dir);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", trouble);
      assert.ok(found[0]?.startsWith(`/${path}: `), found[0]);
    });

  /** What acrnd starts, by the product's own words; each row breaks one thing of a chain that holds. */
  const RT = "POST_RT_VM1";
  const [ENTRY, OWNED, NEXT] = [
    `usr/share/acrn/conf/add/${RT}.sh`,
    `var/lib/pulumi-acrn/launch/${RT}.sh`,
    `var/lib/pulumi-acrn/images/next/${RT}.sh`,
  ];
  const HOME = "root/acrn-work/rt.sh";
  const own = wrappedScript({ name: RT, realtime: true }, `/${HOME}`);
  const CHAIN: Record<string, string> = {
    [ENTRY]: autostartScript({ vm: RT, canonical: `/${OWNED}` }),
    [ENTRY.replace(/sh$/, "args")]: "\n",
    [OWNED]: own,
    [HOME]: `#!/bin/bash\nacrn-dm -m 1G --rtvm --lapic_pt ${RT}\n`,
  };
  const chains: [title: string, change: Record<string, string | undefined>, trouble: RegExp | undefined][] = [
    ["whole", {}, undefined],
    [
      "without the script that the entry names",
      { [OWNED]: undefined },
      /^\/usr.*: it runs .*launch\/POST_RT_VM1\.sh, which is not there/,
    ],
    ["without it, and with one that waits for the VM's first image", { [OWNED]: undefined, [NEXT]: own }, undefined],
    ["without its words", { [ENTRY.replace(/sh$/, "args")]: undefined }, /its words \(\.args\) are not there/],
    ["with a script of nothing", { [OWNED]: "#!/bin/bash\necho ready\n" }, /it runs .*: it starts no VM/],
    [
      "with the script of another VM",
      { [OWNED]: own.replaceAll(RT, "OTHER") },
      /it runs .*: it does not start POST_RT_VM1/,
    ],
    ["with half a script", { [OWNED]: own.slice(0, own.indexOf("start_unit")) }, /it runs .*: it lost its end/],
    [
      "without the script that ours is around",
      { [HOME]: undefined },
      /it runs .*: it runs \/root\/acrn-work\/rt\.sh, which is not there/,
    ],
    [
      "of a person, whose script is gone",
      { [ENTRY]: "#!/bin/bash\nexec bash /root/gone.sh\n" },
      /it runs \/root\/gone\.sh, which is not there/,
    ],
    [
      "with a path in quotes that is not there",
      { [ENTRY]: autostartScript({ vm: RT, canonical: "/opt/a=b.sh" }) },
      /it runs \/opt\/a=b\.sh, which/,
    ],
  ];
  for (const [title, change, trouble] of chains)
    it(`an autostart entry ${title}: ${trouble ? "said" : "nothing to say"}`, () => {
      const dir = host(0);
      for (const [path, text] of Object.entries({ ...CHAIN, ...change })) if (text !== undefined) put(dir, path, text);
      const found = boots(dir);
      const ofEntry = found.filter((line) => line.startsWith(`/${ENTRY}: `));
      assert.equal(ofEntry.length, trouble ? 1 : 0, found.join("\n"));
      if (trouble) assert.match(ofEntry[0] ?? "", trouble);
      else assert.deepEqual(found, []);
    });

  it("hidden files beside others, and links to nowhere, are not looked at", () => {
    const dir = host(0);
    put(dir, "etc/default/grub.d/.pulumi-acrn.00.1", 'A="');
    symlinkSync("nowhere", join(dir, "etc/default/grub.d/x.cfg"));
    assert.deepEqual(boots(dir), []);
    rmSync(join(dir, "etc"), { recursive: true });
    assert.deepEqual(boots(dir), []);
  });
});
