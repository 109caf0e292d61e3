import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, snapshotTree } from "../../../examples/lab/tree";
import { cell, cli, declaration, folderHost } from "./support";

const LEDGER = "var/lib/pulumi-acrn/ledger.json";
const PULUMI = "organization/cells/dev";

/** A host on which a file and a stack of Pulumi hold something, and one VM is only reserved for. */
async function shared(): Promise<string> {
  const root = folderHost();
  const args = { vms: { POST_RT_VM1: [3], NEW_VM: [2] }, neighbours: "evict" };
  assert.equal((await cli(["apply", root, declaration(cell(args)), "--yes"])).status, 0);
  const ledger = JSON.parse(readFileSync(join(root, LEDGER), "utf8"));
  const urn = "urn:pulumi:dev::cells::pulumi-nodejs:dynamic/acrn:AcrnHost::cell";
  ledger.owners.host = { id: "host", stack: PULUMI, urn, kind: "AcrnHost", sequence: ++ledger.sequence };
  writeFileSync(join(root, LEDGER), JSON.stringify(ledger));
  return root;
}

describe("sdk/cli claims", () => {
  it("says that nobody holds anything", async () => {
    const { status, out } = await cli(["claims", folderHost()]);
    assert.equal(status, 0);
    assert.match(out, /^Nobody holds anything on folder /);
  });

  it("lists stacks, URNs, fields with claimed, former and live value, and reservations; writes nothing", async () => {
    const root = await shared();
    const before = snapshotTree(root);
    const { status, out } = await cli(["claims", root]);
    assert.equal(status, 0);
    assert.match(out, /^cell-7\n {2}CorePartition {2}pulumi-acrn::cell-7::CorePartition::cores$/m);
    assert.match(out, /vm\[POST_RT_VM1\]\/cpu_affinity +3 +3 +3$/m);
    assert.match(out, /vm\[POST_STD_VM1\]\/cpu_affinity +1 +1-2 +1$/m);
    assert.match(out, /vm\[NEW_VM\]\/cpu_affinity +2 +- +- +reserved: /m);
    assert.match(out, /^organization\/cells\/dev\n {2}AcrnHost {2}urn:pulumi:.*\n {4}holds no field/m);
    const { stacks } = JSON.parse((await cli(["claims", root, "--json"])).out);
    const fields = stacks[0].owners[0].fields.map((f: { field: string; state: string; baseline: unknown }) => [
      f.state,
      f.baseline,
    ]);
    assert.deepEqual(fields, [
      ["reserved", null],
      ["held", "3"],
      ["held", "1-2"],
    ]);
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
  });

  it("names what a later claim supersedes", async () => {
    const root = await shared();
    const ledger = JSON.parse(readFileSync(join(root, LEDGER), "utf8"));
    ledger.owners.late = {
      id: "late",
      stack: "cell-7",
      urn: "pulumi-acrn::cell-7::CorePartition::late",
      kind: "CorePartition",
      sequence: ++ledger.sequence,
    };
    ledger.fields["scenario vm[POST_STD_VM1]/cpu_affinity"].claims.late = [0];
    writeFileSync(join(root, LEDGER), JSON.stringify(ledger));
    const path = join(root, "var/lib/pulumi-acrn/scenario.xml");
    writeFileSync(path, readFileSync(path, "utf8").replace(/(POST_STD_VM1[\s\S]*?<pcpu_id>)1</, "$10<"));
    const { out } = await cli(["claims", root]);
    assert.match(
      out,
      /POST_STD_VM1\]\/cpu_affinity +1 +1-2 +0 +superseded by pulumi-acrn::cell-7::CorePartition::late$/m,
    );
  });

  it("shows the ledger although the scenario is broken, and says what is wrong with a broken ledger", async () => {
    const root = await shared();
    writeFileSync(join(root, "var/lib/pulumi-acrn/scenario.xml"), "<acrn-config>");
    const { status, out } = await cli(["claims", root]);
    assert.equal(status, 0);
    assert.match(out, /POST_RT_VM1\]\/cpu_affinity +3 +3 +- +\S/m);
    writeFileSync(join(root, LEDGER), "{");
    const broken = await cli(["claims", root]);
    assert.equal(broken.status, 1);
    assert.match(broken.err, /ledger\.json:\d+:\d+: the ledger cannot be read/);
  });

  it("lets no escape sequence of the host through", async () => {
    const root = folderHost();
    mkdirSync(join(root, "var/lib/pulumi-acrn"), { recursive: true });
    const owner = {
      id: "x",
      stack: "\u001b[2Jevil\u009b31m",
      urn: "u\u001b]0;title\u0007\u202e",
      kind: "K\r\nforged",
      sequence: 1,
    };
    writeFileSync(
      join(root, LEDGER),
      JSON.stringify({ format: 1, sequence: 1, owners: { x: owner }, documents: {}, fields: {} }),
    );
    for (const argv of [
      ["claims", root],
      ["claims", root, "--json"],
      ["release", root, "--all"],
    ]) {
      const { out, err } = await cli(argv, { terminal: true, env: { NO_COLOR: "1" } });
      assert.match(out, /evil|withdrawn: u/);
      assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  });
});

describe("sdk/cli release", () => {
  it("shows what comes back, asks, and frees it", async () => {
    const root = await shared();
    const before = snapshotTree(root);
    const no = await cli(["release", root, "--stack", "cell-7"], { answer: "n" });
    assert.equal(no.status, 1);
    assert.match(no.out, /^\+ {8}<pcpu_id>2<\/pcpu_id>$/m);
    assert.match(no.err, /Free the claim of 1 resource on folder .*, with 3 changes\? \[y\/N\]/);
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
    const yes = await cli(["release", root, "--stack", "cell-7"], { answer: "y" });
    assert.equal(yes.status, 0, yes.err);
    assert.match((await cli(["claims", root])).out, /^organization\/cells\/dev\n {2}AcrnHost.*\n.*\n$/);
  });

  it("warns of a stack of Pulumi, whose state does not know", async () => {
    const root = await shared();
    const { status, err } = await cli(["release", root, "--stack", PULUMI, "--yes"]);
    assert.equal(status, 0, err);
    assert.match(err, /organization\/cells\/dev is a stack of Pulumi/);
    assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(root, LEDGER), "utf8")).owners).length, 1);
  });

  it("follows no other origin by the way: what --import brought is given back without it", async () => {
    const root = folderHost();
    const before = snapshotTree(root);
    const record = readFileSync(join(root, "usr/share/acrn/scenario.xml"), "utf8");
    const own = declaration(record.replace("<size>1024<", "<size>2048<"), "own.xml");
    const two = [cell({ vms: { POST_RT_VM1: [3] } }), cell({ vms: { POST_RT_VM1: [3] } }, "cell-8")];
    for (const file of two) await cli(["apply", root, declaration(file), "--yes", "--import", own]);
    const source = readFileSync(join(root, "var/lib/pulumi-acrn/scenario.xml"), "utf8");
    assert.match(source, /2048/);
    assert.equal((await cli(["release", root, "--stack", "cell-8", "--yes"])).status, 0);
    assert.equal(readFileSync(join(root, "var/lib/pulumi-acrn/scenario.xml"), "utf8"), source);
    assert.equal((await cli(["release", root, "--all", "--yes"])).status, 0);
    const left = diffTrees(before, snapshotTree(root), { times: false });
    assert.deepEqual(
      left.filter((line) => !/^var\/lib\/pulumi-acrn: appeared/.test(line)),
      [],
    );
  });

  it("frees one URN alone", async () => {
    const root = await shared();
    const gone = await cli([
      "release",
      root,
      "--stack",
      "cell-7",
      "--urn",
      "pulumi-acrn::cell-7::CorePartition::cores",
      "--yes",
    ]);
    assert.equal(gone.status, 0, gone.err);
    const unknown = await cli(["release", root, "--stack", PULUMI, "--urn", "urn:x"]);
    assert.equal(unknown.status, 1);
    assert.match(unknown.err, /has no claim of urn:x\nIt has: urn:pulumi:/);
  });

  it("has nothing to do for a stack that is not there, and names those that are", async () => {
    const { status, out } = await cli(["release", await shared(), "--stack", "cell-8"]);
    assert.equal(status, 0);
    assert.match(out, /cell-8 holds nothing on folder .*\. There are: cell-7, organization\/cells\/dev\.$/m);
  });

  const wrong: [string, string[]][] = [
    ["nothing said", []],
    ["both", ["--all", "--stack", "x"]],
    ["a URN of all", ["--all", "--urn", "x"]],
    ["a URN alone", ["--urn", "x"]],
  ];
  for (const [name, argv] of wrong)
    it(`refuses ${name}`, async () => {
      const { status, err } = await cli(["release", ".", ...argv]);
      assert.equal(status, 1);
      assert.match(err, /say whose claims: --stack NAME \[--urn URN\], or --all/);
    });
});
