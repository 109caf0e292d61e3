import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, snapshotTree, type TreeEntry } from "../../../examples/lab/tree";
import { cell, cli, declaration, folderHost } from "./support";

const SOURCE = "var/lib/pulumi-acrn/scenario.xml";

/** The pCPUs that a scenario names for a VM. */
function pcpusOf(root: string, vm: string, path = SOURCE): string {
  const text = readFileSync(join(root, path), "utf8");
  const own = text.slice(text.indexOf(`<name>${vm}</name>`)).split("</vm>")[0] ?? "";
  return [...own.matchAll(/<pcpu_id>(\d+)</g)].map((m) => m[1]).join(",");
}

describe("sdk/cli plan and apply", () => {
  it("plan says why, shows the diff, ends with 2, and writes nothing", async () => {
    const root = folderHost();
    const before = snapshotTree(root);
    const { status, out, err } = await cli(["plan", root, declaration(cell())]);
    assert.equal(status, 2, err);
    assert.match(out, /^cores \(CorePartition\)\n {2}POST_RT_VM1: pCPU 2-3, named by the program$/m);
    assert.match(out, /^\+ {8}<pcpu_id>2<\/pcpu_id>$/m);
    assert.match(
      out,
      /^ {2}scenario vm\[POST_RT_VM1\]\/cpu_affinity +2-3 +unknown +unknown +unknown\n {4}a folder does not run$/m,
    );
    assert.match(out, /^2 changes planned on folder .*; nothing was written\.$/m);
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
  });

  it("apply writes, a second plan and apply find nothing to do, and say why", async () => {
    const root = folderHost();
    const file = declaration(cell());
    const first = await cli(["apply", root, file, "--yes"]);
    assert.equal(first.status, 0, first.err);
    assert.match(first.out, /^Done: 2 changes written/m);
    assert.match(first.err, /writing 2 files/);
    assert.equal(pcpusOf(root, "POST_RT_VM1"), "2,3");
    assert.equal(pcpusOf(root, "POST_STD_VM1"), "1");
    const before = snapshotTree(root);
    for (const argv of [
      ["plan", root, file],
      ["apply", root, file],
    ]) {
      const again = await cli(argv);
      assert.equal(again.status, 0, again.err);
      assert.match(
        again.out,
        /^Nothing to do: everything that cell-7 declares is written on folder .*, and claimed\.$/m,
      );
    }
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
  });

  it("gives back byte for byte: what the file drops, and all of it by release", async () => {
    for (const back of [
      ["apply", declaration({ name: "cell-7", resources: [] })],
      ["release", "--stack", "cell-7"],
      ["release", "--all"],
    ]) {
      const root = folderHost();
      const before = snapshotTree(root);
      assert.equal((await cli(["apply", root, declaration(cell()), "--yes"])).status, 0);
      assert.notDeepEqual(diffTrees(before, snapshotTree(root), { times: false }), []);
      const [command = "", ...rest] = back;
      const argv = [command, root, ...rest];
      if (command === "apply") {
        const planned = await cli(["plan", ...argv.slice(1)]);
        assert.equal(planned.status, 2);
        assert.match(planned.out, /^withdrawn: pulumi-acrn::cell-7::CorePartition::cores$/m);
      }
      const { status, err } = await cli([...argv, "--yes"]);
      assert.equal(status, 0, err);
      const left = diffTrees(before, snapshotTree(root), { times: false });
      assert.deepEqual(
        left.filter((line) => !/^var\/lib\/pulumi-acrn: appeared/.test(line)),
        [],
        back.join(" "),
      );
    }
  });

  it("a renamed resource changes no scenario, and a mended hand edit comes back", async () => {
    const root = folderHost();
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const source = readFileSync(join(root, SOURCE), "utf8");
    const renamed = declaration(cell(undefined, "cell-7", "partition"));
    assert.equal((await cli(["apply", root, renamed, "--yes"])).status, 0);
    assert.equal(readFileSync(join(root, SOURCE), "utf8"), source);
    const claims = JSON.parse((await cli(["claims", root, "--json"])).out);
    assert.deepEqual(
      claims.stacks[0].owners.map((o: { urn: string }) => o.urn),
      ["pulumi-acrn::cell-7::CorePartition::partition"],
    );
    writeFileSync(join(root, SOURCE), source.replace("<pcpu_id>3<", "<pcpu_id>1<"));
    const drift = await cli(["claims", root]);
    assert.match(drift.out, /vm\[POST_RT_VM1\]\/cpu_affinity +2-3 +3 +\S+ +drifted: changed by somebody else$/m);
    assert.equal((await cli(["plan", root, renamed])).status, 2);
    assert.equal((await cli(["apply", root, renamed, "--yes"])).status, 0);
    assert.equal(readFileSync(join(root, SOURCE), "utf8"), source);
  });

  it("two files are two stacks, and neither takes what the other holds", async () => {
    const root = folderHost();
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const other = await cli(["apply", root, declaration({ name: "other", resources: [] }), "--yes"]);
    assert.equal(other.status, 0);
    assert.match(other.out, /^Nothing to do: other declares nothing, and holds nothing/m);
    const clash = await cli(["plan", root, declaration(cell({ vms: { POST_RT_VM1: [3] } }, "other"))]);
    assert.equal(clash.status, 1);
    assert.match(clash.err, /stack cell-7 holds scenario vm\[POST_RT_VM1\]\/cpu_affinity at 2-3/);
  });

  it("a stack that holds nothing is told who does: a name of Pulumi is easily too short", async () => {
    const root = folderHost();
    const free = await cli(["plan", root, "--destroy", "--name", "cell"]);
    assert.match(free.out, /^Nothing to do: cell holds nothing on .*\. Nobody does\.$/m);
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const { status, out } = await cli(["plan", root, "--destroy", "--name", "cell"]);
    assert.equal(status, 0);
    assert.match(out, /^Nothing to do: cell holds nothing on .*\. There are: cell-7\.$/m);
  });

  it("never withdraws what a Pulumi stack of the same name holds", async () => {
    const root = folderHost();
    await cli(["apply", root, declaration(cell()), "--yes"]);
    const ledger = join(root, "var/lib/pulumi-acrn/ledger.json");
    const text = readFileSync(ledger, "utf8");
    writeFileSync(
      ledger,
      text.replace("pulumi-acrn::cell-7::CorePartition::cores", "urn:pulumi:cell-7::p::acrn:CorePartition::cores"),
    );
    const { status, out } = await cli(["plan", root, declaration({ name: "cell-7", resources: [] })]);
    assert.equal(status, 0, out);
  });

  it("refuses by the rules with the place in the file, and writes nothing", async () => {
    const root = folderHost();
    const before = snapshotTree(root);
    const file = declaration(
      "name: cell-7\nresources:\n- type: CorePartition\n  name: cores\n  args:\n    vms:\n      POST_RT_VM1: [2, 3]\n",
    );
    for (const argv of [
      ["plan", root, file],
      ["apply", root, file, "--yes"],
    ]) {
      const { status, err, out } = await cli(argv);
      assert.equal(status, 1);
      assert.match(err, /cell\.yaml:7:20: T15: pCPU 2: wanted by POST_RT_VM1/);
      assert.match(err, /Say neighbours: "evict"/);
      assert.doesNotMatch(out, /^[+-]/m);
      assert.doesNotMatch(err, / at .*\.ts:/);
    }
    assert.deepEqual(diffTrees(before, snapshotTree(root), { times: true }), []);
  });

  const answers: [string | undefined, number][] = [
    ["y", 0],
    ["YES", 0],
    ["", 1],
    ["n", 1],
    ["yep", 1],
    [undefined, 1],
  ];
  for (const [answer, status] of answers)
    it(`asked, ${JSON.stringify(answer)} ends with ${status}`, async () => {
      const root = folderHost();
      const before = snapshotTree(root);
      const ran = await cli(["apply", root, declaration(cell())], answer === undefined ? {} : { answer });
      assert.equal(ran.status, status, ran.err);
      if (answer !== undefined) assert.match(ran.err, /Apply these 2 changes to folder .*\? \[y\/N\]/);
      else assert.match(ran.err, /no terminal to ask on, and --yes was not given/);
      const untouched = diffTrees(before, snapshotTree(root), { times: true }).length === 0;
      assert.equal(untouched, status === 1);
    });

  it("asks nobody with --json, since nobody sees the plan", async () => {
    const { status, err } = await cli(["apply", folderHost(), declaration(cell()), "--json"], { answer: "y" });
    assert.equal(status, 1);
    assert.match(err, /--yes was not given/);
  });

  it("applies what was shown: a host that changed in between is an error, and nothing is written", async () => {
    const root = folderHost();
    const file = declaration(cell());
    const before = new Map<string, TreeEntry>();
    const ran = await cli(["apply", root, file], {
      // Before the read under the lock, somebody gives the VM another pCPU.
      answer: () => {
        const record = join(root, "usr/share/acrn/scenario.xml");
        writeFileSync(record, readFileSync(record, "utf8").replace("<pcpu_id>3<", "<pcpu_id>1<"));
        for (const [path, entry] of snapshotTree(root)) before.set(path, entry);
        return "y";
      },
    });
    assert.equal(ran.status, 1, ran.out);
    assert.match(ran.err, /the host changed after the plan was made/);
    const after = diffTrees(before, snapshotTree(root), { times: false });
    assert.deepEqual(
      after.filter((line) => !/^var\/lib\/pulumi-acrn: appeared/.test(line)),
      [],
    );
  });

  it("plan --destroy shows what would come back, by file and by name", async () => {
    const root = folderHost();
    const file = declaration(cell());
    assert.match((await cli(["plan", root, file, "--destroy"])).out, /^Nothing to do: cell-7 holds nothing/m);
    await cli(["apply", root, file, "--yes"]);
    for (const argv of [
      ["plan", root, file, "--destroy"],
      ["plan", root, "--destroy", "--name", "cell-7"],
    ]) {
      const { status, out } = await cli(argv);
      assert.equal(status, 2);
      assert.match(out, /^- {8}<pcpu_id>2<\/pcpu_id>$/m);
      assert.match(out, /scenario\.xml goes: \/usr\/share\/acrn\/scenario\.xml counts again/);
      assert.match(out, /release TARGET --stack cell-7/);
    }
    const unknown = await cli(["plan", root, "--destroy", "--name", "org/project/dev"]);
    assert.equal(unknown.status, 0);
    assert.match(unknown.out, /org\/project\/dev holds nothing/);
  });

  it("--json is one document with the same keys, whatever comes out", async () => {
    const root = folderHost();
    const file = declaration(cell());
    const changed = await cli(["plan", root, file, "--json"], { terminal: true });
    assert.equal(changed.status, 2);
    const plan = JSON.parse(changed.out);
    assert.deepEqual(Object.keys(plan).sort(), [
      "acts",
      "changes",
      "claims",
      "edits",
      "files",
      "host",
      "left",
      "lines",
      "notes",
      "pending",
      "resources",
      "stack",
      "warnings",
      "withdrawn",
    ]);
    assert.equal(plan.changes, true);
    assert.deepEqual(
      plan.edits.map((e: { before: unknown; after: unknown }) => [e.before, e.after]),
      [
        [[3], [2, 3]],
        [[1, 2], [1]],
      ],
    );
    assert.equal(plan.files[0].action, "create");
    assert.match(plan.files[0].diff, /^\+\+\+ b\/var\/lib/m);
    assert.deepEqual(plan.resources[0].outputs.rtCpus, { POST_RT_VM1: "1" });
    const applied = await cli(["apply", root, file, "--yes", "--json"]);
    assert.equal(JSON.parse(applied.out).applied, true);
    const idle = JSON.parse((await cli(["plan", root, file, "--json"])).out);
    assert.deepEqual(Object.keys(idle), Object.keys(plan));
    assert.equal(idle.changes, false);
    const broken = await cli(["plan", root, declaration("name: 7\nresources: []\n"), "--json"]);
    const { error, status } = JSON.parse(broken.out);
    assert.deepEqual([status, error.code, error.where.line], [1, "declared.invalid", 1]);
    assert.equal(JSON.parse((await cli(["plan", "--json"])).out).error.code, "usage");
  });

  it("--markdown is for reviews", async () => {
    const { status, out } = await cli(["plan", folderHost(), declaration(cell()), "--markdown"]);
    assert.equal(status, 2);
    assert.match(out, /^### pulumi-acrn: `cell-7 on folder /);
    assert.match(out, /^- `scenario vm\[POST_RT_VM1\]\/cpu_affinity: 3 => 2-3`$/m);
    assert.match(out, /^```diff$/m);
    assert.match(out, /^\| `scenario vm\[POST_RT_VM1\]\/cpu_affinity` \| `2-3` \|/m);
    assert.equal((await cli(["plan", ".", "x", "--markdown", "--json"])).status, 1);
  });

  const colours: [string, boolean, Record<string, string>, boolean][] = [
    ["a terminal", true, {}, true],
    ["a pipe", false, {}, false],
    ["a terminal with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
    ["a pipe with FORCE_COLOR", false, { FORCE_COLOR: "1" }, true],
  ];
  for (const [name, terminal, env, coloured] of colours)
    it(`${name} ${coloured ? "has" : "has no"} colours`, async () => {
      const { out } = await cli(["plan", folderHost(), declaration(cell())], { terminal, env });
      assert.equal(out.includes("\x1b[32m+ "), coloured);
      assert.equal(out.includes("\x1b"), coloured);
    });

  it("reads the declaration from stdin", async () => {
    const { status } = await cli(["plan", folderHost(), "-"], { stdin: JSON.stringify(cell()) });
    assert.equal(status, 2);
  });

  it("makes the source from --import, and says so", async () => {
    const root = folderHost();
    const own = declaration(
      readFileSync(join(root, "usr/share/acrn/scenario.xml"), "utf8").replace("<pcpu_id>2<", "<pcpu_id>0<"),
      "own.xml",
    );
    rmSync(join(root, "usr/share/acrn/scenario.xml"));
    const { status, out, err } = await cli([
      "plan",
      root,
      declaration(cell({ vms: { POST_RT_VM1: [3] } })),
      "--import",
      own,
    ]);
    assert.equal(status, 2, err);
    assert.ok(out.includes(`/var/lib/pulumi-acrn/scenario.xml is made from ${own}`), out);
  });

  const wrong: [string, string[], RegExp][] = [
    ["no file", ["plan", "."], /plan needs a file/],
    ["--name without --destroy", ["plan", ".", "--name", "x"], /--name goes with --destroy/],
    ["--name with a file", ["plan", ".", "f", "--destroy", "--name", "x"], /--name goes with --destroy/],
    ["a bad name", ["plan", ".", "--destroy", "--name", "a b"], /no name of a stack/],
    ["a missing file", ["plan", ".", "/no/such.yaml"], /the declaration cannot be read/],
    ["an unknown option", ["plan", ".", "--dry-run"], /unknown option '--dry-run'/],
    ["an unknown command", ["aply", "."], /unknown command 'aply'[\s\S]*Did you mean apply/],
    [
      "a command without its target",
      ["inspect"],
      /missing required argument 'target'\n\(pulumi-acrn help COMMAND says more\)/,
    ],
    ["no command", [], /Usage: pulumi-acrn/],
  ];
  for (const [name, argv, words] of wrong)
    it(`ends with 1 for ${name}`, async () => {
      const { status, err, out } = await cli(argv);
      assert.equal(status, 1);
      assert.match(err, words);
      assert.equal(out, "");
    });

  it("adds stack traces with --verbose alone", async () => {
    const plain = await cli(["plan", ".", "/no/such.yaml"]);
    assert.doesNotMatch(plain.err, /\n\s+at /);
    const verbose = await cli(["plan", ".", "/no/such.yaml", "--verbose"]);
    assert.match(verbose.err, /\n\s+at /);
  });
});
