import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diffTrees, snapshotTree } from "../../../examples/lab/tree";
import { type BootingImages, imagesText } from "../../../sdk/cli/inspect/booting";
import { cell, cli, declaration, folderHost } from "./support";

const RECORD = "usr/share/acrn/scenario.xml";

describe("sdk/cli inspect", () => {
  it("tells facts, VMs, scripts and claims of a folder, each known or unknown, and writes nothing", async () => {
    const root = folderHost();
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const before = snapshotTree(root);
    const { status, out } = await cli(["inspect", root]);
    assert.equal(status, 0);
    assert.match(out, /^ {2}ACRN +3\.3$/m);
    assert.match(out, /^ {2}hypervisor +unknown: a folder does not run$/m);
    assert.match(out, /^ {2}board +cell-1-board$/m);
    assert.match(out, /^ {2}pCPUs +0-3$/m);
    assert.match(out, /L3 of 0-3, CAT: 12 ways/);
    assert.match(out, /^ {2}POST_RT_VM1 +1 +post-launched +real-time +2-3 +3$/m);
    assert.match(out, /launch_user_vm_id1\.sh:\d+ +POST_RT_VM1 +APIC id 6 +packaged$/m);
    assert.match(out, /^Claims\n {2}cell-7: 2 fields of 1 resource$/m);
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
  });

  it("numbers the scripts of 2.x by pCPU", async () => {
    assert.match(
      (await cli(["inspect", folderHost("cell-2"), "--scripts", "/home/acrn/*.sh"])).out,
      /^ {2}\/home\/acrn\/\S+ .*pCPU 3 +other$/m,
    );
  });

  it("warns of what the rules find in the scenario as it is", async () => {
    const root = folderHost();
    const text = readFileSync(join(root, RECORD), "utf8");
    const shared = folderHost("cell-1");
    writeFileSync(join(shared, RECORD), text.replace("<pcpu_id>2<", "<pcpu_id>3<"));
    const { status, err, out } = await cli(["inspect", shared]);
    assert.equal(status, 0);
    assert.match(err, /^warning: T15: pCPU 3: wanted by POST_RT_VM1, but also of POST_STD_VM1/m);
    assert.doesNotMatch(out, /T15/);
    const { problems } = JSON.parse((await cli(["inspect", shared, "--json"])).out);
    assert.ok(problems.some((p: { code: string }) => p.code === "cores.occupied"));
  });

  const broken: [string, string, string, RegExp][] = [
    [
      "a broken source",
      "var/lib/pulumi-acrn/scenario.xml",
      "<acrn-config><hv/>",
      /warning: \/var\/lib\/pulumi-acrn\/scenario\.xml:1:/,
    ],
    [
      "a broken ledger",
      "var/lib/pulumi-acrn/ledger.json",
      "{",
      /warning: .*ledger\.json:\d+:\d+: the ledger cannot be read/,
    ],
    ["a broken board", "usr/share/acrn/board.xml", "<board", /warning: \/usr\/share\/acrn\/board\.xml:1:/],
  ];
  for (const [name, path, text, words] of broken)
    it(`shows the rest of a host with ${name}`, async () => {
      const root = folderHost();
      await cli(["apply", root, declaration(cell()), "--yes"]);
      writeFileSync(join(root, path), text);
      const { status, out, err } = await cli(["inspect", root]);
      assert.equal(status, 0, err);
      assert.match(err, words);
      assert.match(out, /^ {2}ACRN +3\.3$/m);
      assert.match(out, /^ {2}POST_RT_VM1 +1 /m);
    });

  it("tells images of ours: in /boot, the default, and what runs", async () => {
    const root = folderHost();
    assert.match((await cli(["inspect", root])).out, /^ {2}images +none of ours$/m);
    const [a, b] = ["a".repeat(16), "b".repeat(16)];
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    for (const id of [a, b]) put(`boot/pulumi-acrn/${id}/entry`, "pulumi-acrn entry 1\n");
    put("var/lib/pulumi-acrn/images/promoted", `${a}\n`);
    assert.match((await cli(["inspect", root])).out, new RegExp(`^ {2}images +${a} \\(the default\\); ${b}$`, "m"));
    const { images } = JSON.parse((await cli(["inspect", root, "--json"])).out);
    assert.deepEqual(images, { installed: [a, b], default: a, running: null, trial: null });
  });

  const [A, B] = ["a".repeat(16), "b".repeat(16)] as const;
  const lines: [what: string, images: BootingImages, text: string][] = [
    ["none", { installed: [], default: null, running: null, trial: null }, "none of ours"],
    ["confirmed", { installed: [A], default: A, running: A, trial: null }, `${A} (the default, runs)`],
    [
      "on trial",
      { installed: [A, B], default: A, running: B, trial: B },
      `${A} (the default); ${B} (runs, and the next boot does not take it)`,
    ],
    [
      "gone from /boot",
      { installed: [], default: A, running: A, trial: null },
      `${A} (the default, runs, not in /boot)`,
    ],
  ];
  for (const [what, images, text] of lines)
    it(`images in one line: ${what}`, () => assert.equal(imagesText(images), text));

  it("is of use on a machine without ACRN", async () => {
    const root = folderHost();
    for (const path of ["usr", "boot", "var/lib/dpkg"]) rmSync(join(root, path), { recursive: true });
    const { status, out } = await cli(["inspect", root]);
    assert.equal(status, 0);
    assert.match(out, /^ {2}ACRN +unknown: 0 files/m);
    assert.match(out, /^VMs\n {2}none$/m);
  });
});

describe("sdk/cli scenario pull", () => {
  const SOURCE = "var/lib/pulumi-acrn/scenario.xml";

  it("writes the source byte for byte, or the record where there is none, and says which", async () => {
    const root = folderHost();
    const bom = `\ufeff${readFileSync(join(root, RECORD), "utf8").replaceAll("\n", "\r\n")}`;
    writeFileSync(join(root, RECORD), bom);
    const record = await cli(["scenario", "pull", root]);
    assert.equal(record.out, bom);
    assert.match(
      record.err,
      /^\/usr\/share\/acrn\/scenario\.xml of folder .*, the record of what was built \(there is no scenario source yet\)$/m,
    );
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const file = join(root, "pulled.xml");
    const source = await cli(["scenario", "pull", root, file]);
    assert.equal(source.status, 0);
    assert.match(source.err, /the scenario source: written to /);
    assert.deepEqual(readFileSync(file), readFileSync(join(root, SOURCE)));
  });

  it("does not overwrite a file that differs, without --force", async () => {
    const root = folderHost();
    const file = declaration("mine", "scenario.xml");
    const refused = await cli(["scenario", "pull", root, file]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /is there and differs; it was not overwritten/);
    assert.equal(readFileSync(file, "utf8"), "mine");
    assert.equal((await cli(["scenario", "pull", root, file, "--force"])).status, 0);
    const again = await cli(["scenario", "pull", root, file]);
    assert.equal(again.status, 0);
    assert.match(again.err, /has these bytes already/);
  });

  it("makes escape sequences visible on a terminal, and only there", async () => {
    const root = folderHost();
    writeFileSync(join(root, RECORD), "<x>\u001b[2J</x>\n");
    assert.equal((await cli(["scenario", "pull", root])).out, "<x>\u001b[2J</x>\n");
    assert.equal((await cli(["scenario", "pull", root], { terminal: true })).out, "<x>\\x1b[2J</x>\n");
  });

  it("is data with --json", async () => {
    const root = folderHost();
    const data = JSON.parse((await cli(["scenario", "pull", root, "--json"])).out);
    assert.deepEqual(
      [data.from, data.path, data.text],
      ["record", `/${RECORD}`, readFileSync(join(root, RECORD), "utf8")],
    );
  });

  const wrong: [string, (root: string) => string[], RegExp][] = [
    ["a folder", (root) => [root, root], /cannot be written/],
    ["a missing folder", (root) => [root, join(root, "no/such.xml")], /cannot be written/],
    ["a host without a scenario", (root) => [root, "--record", "/no/record.xml"], /the machine has no scenario/],
  ];
  for (const [name, argv, words] of wrong)
    it(`refuses ${name}`, async () => {
      const { status, err } = await cli(["scenario", "pull", ...argv(folderHost())]);
      assert.equal(status, 1);
      assert.match(err, words);
    });
});
