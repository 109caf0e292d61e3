import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layDown } from "../../../examples/lab/hosts";
import { type Lab, type LabHostSpec, startLab } from "../../../examples/lab/lab";
import { diffTrees, snapshotTree, type Tree } from "../../../examples/lab/tree";
import { cell, declaration, folderHost, planOf, type Ran, spawnCli, temporary } from "./support";

/** Nobody's ~/.ssh and agent, and what the lab's hosts are called there. */
function reach(lab: Lab, name: string): string[] {
  return [name, "--ssh-config", lab.sshConfig];
}

async function withLab(
  names: readonly string[],
  changes: Partial<LabHostSpec>,
  work: (lab: Lab) => Promise<void>,
): Promise<void> {
  const dir = temporary();
  const hosts = names.map((name) => ({ ...layDown(planOf(name), join(dir, "trees", name)), ...changes }));
  const lab = await startLab({ dir: join(dir, "lab"), hosts });
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
}

/** What differs from the start, once the machine has noticed that nobody is there any more: it unlocks by itself. */
async function differences(tree: string, before: Tree): Promise<string[]> {
  const until = Date.now() + 15_000;
  for (;;) {
    const now = diffTrees(before, snapshotTree(tree), { times: false });
    if (now.length === 0 || Date.now() > until) return now;
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

/** Starts the command line, acts once it has said something, and waits for its end. */
function interrupted(
  argv: string[],
  word: RegExp,
  act: (child: ReturnType<typeof spawnCli>["child"]) => unknown,
): Promise<Ran> {
  const { child, ended } = spawnCli(argv);
  let said = "";
  const listen = (chunk: Buffer) => {
    if (word.test(said)) return;
    said += chunk.toString("utf8");
    if (word.test(said)) act(child);
  };
  child.stderr?.on("data", listen);
  child.stdout?.on("data", listen);
  return ended;
}

describe("sdk/cli as a process", function () {
  this.timeout(120_000);

  it("plans, applies and releases over SSH, with its exit statuses, and gives the bytes back", () =>
    withLab(["cell-1"], {}, async (lab) => {
      const tree = lab.host("cell-1").dir;
      const before = snapshotTree(tree);
      const at = reach(lab, "cell-1");
      const file = declaration(cell());
      const plan = await spawnCli(["plan", ...at, file]).ended;
      assert.equal(plan.status, 2, plan.err);
      assert.match(plan.out, /2-3 +3 +\(off\) +pending$/m);
      assert.match(plan.out, /^to make it run: hypervisor-install/m);
      assert.deepEqual(diffTrees(before, snapshotTree(tree), { times: true }), []);
      const unattended = await spawnCli(["apply", ...at, file]).ended;
      assert.equal(unattended.status, 1);
      const applied = await spawnCli(["apply", ...at, file, "--yes"]).ended;
      assert.equal(applied.status, 0, applied.err);
      assert.equal((await spawnCli(["plan", ...at, file]).ended).status, 0);
      const released = await spawnCli(["release", ...at, "--all", "--yes"]).ended;
      assert.equal(released.status, 0, released.err);
      assert.deepEqual(await differences(tree, before), []);
    }));

  it("goes through a jump host, and becomes root with a password from the environment that it never shows", () =>
    withLab(["cell-1", "cell-3"], {}, async (lab) => {
      const at = reach(lab, "cell-3");
      const refused = await spawnCli(["inspect", ...at]).ended;
      assert.equal(refused.status, 1);
      assert.match(refused.err, /sudo/);
      const argv = ["inspect", ...at, "--sudo-password-env", "PW", "--verbose"];
      const wrong = await spawnCli(argv, { PW: "hunter2-wrong" }).ended;
      assert.equal(wrong.status, 1);
      assert.doesNotMatch(wrong.out + wrong.err, /hunter2/);
      const right = await spawnCli([...argv, "--json"], { PW: "lab" }).ended;
      assert.equal(right.status, 0, right.err);
      assert.equal(JSON.parse(right.out).facts.kind, "live");
    }));

  it("says of an unreachable host what to do, without a stack trace", () =>
    withLab(["cell-1"], {}, async (lab) => {
      await lab.host("cell-1").down();
      const { status, err } = await spawnCli(["inspect", ...reach(lab, "cell-1")]).ended;
      assert.equal(status, 1);
      assert.match(err, /^error: connect: ssh:\/\/root@127\.0\.0\.1:\d+.*\n.*\[ssh\.connect\.refused\]$/m);
      assert.doesNotMatch(err, /\n\s+at /);
    }));

  it("interrupted before the files go out, it ends with 1 and nothing is changed", () =>
    withLab(["cell-1"], { delayMs: 1500 }, async (lab) => {
      const tree = lab.host("cell-1").dir;
      const before = snapshotTree(tree);
      const argv = ["apply", ...reach(lab, "cell-1"), declaration(cell()), "--yes"];
      const { status, err } = await interrupted(argv, /: reading/, (child) => child.kill("SIGINT"));
      assert.equal(status, 1, err);
      assert.match(err, /interrupted: nothing was changed/);
      assert.deepEqual(await differences(tree, before), []);
    }));

  it("interrupted while they go out, it ends with 3 and names them", () =>
    withLab(["cell-1"], { commands: { sync: "sleep 2" } }, async (lab) => {
      const argv = ["apply", ...reach(lab, "cell-1"), declaration(cell()), "--yes"];
      const { status, err } = await interrupted(argv, /writing 2 files/, (child) => child.kill("SIGTERM"));
      assert.equal(status, 3, err);
      assert.match(
        err,
        /may have been changed on the machine: \/var\/lib\/pulumi-acrn\/scenario\.xml, \/var\/lib\/pulumi-acrn\/ledger\.json/,
      );
      assert.match(err, /interrupted while writing/);
    }));

  it("a host that goes while they go out and does not come back is 3", () =>
    withLab(["cell-1"], { commands: { sync: "sleep 2" } }, async (lab) => {
      const argv = ["apply", ...reach(lab, "cell-1"), declaration(cell()), "--yes", "--json"];
      const { status, err, out } = await interrupted(argv, /writing 2 files/, () => lab.host("cell-1").down());
      assert.equal(status, 3, err);
      assert.match(err, /cut while transaction \w+ was under way, and cannot be had again/);
      const { error, touched } = JSON.parse(out);
      assert.equal(error.code, "tx.unknown");
      assert.deepEqual(touched, ["/var/lib/pulumi-acrn/scenario.xml", "/var/lib/pulumi-acrn/ledger.json"]);
    }));

  /** A folder target finds its commands by PATH: one of them does something else. */
  function withCommand(names: string[], script: string): string {
    const bin = join(temporary(), "bin");
    mkdirSync(bin);
    for (const name of names)
      writeFileSync(join(bin, name), `#!/bin/sh\nreal() { PATH=\${PATH#*:} ${name} "$@"; }\n${script}\n`, {
        mode: 0o755,
      });
    return `${bin}:${process.env.PATH}`;
  }

  it("what was written and reads otherwise is 3, and says how the host has it", async () => {
    const root = folderHost();
    const source = join(root, "var/lib/pulumi-acrn/scenario.xml");
    const spoil = `case "$*" in */journal) [ -f "${source}" ] && sed -i 's/<pcpu_id>3</<pcpu_id>0</' "${source}";; esac\nreal "$@"`;
    const { status, err } = await spawnCli(["apply", root, declaration(cell()), "--yes"], {
      PATH: withCommand(["rm"], spoil),
    }).ended;
    assert.equal(status, 3, err);
    assert.match(err, /written, but the host reads otherwise: scenario vm\[POST_RT_VM1\]\/cpu_affinity/);
    assert.match(err, /may have been changed on the machine: \/var\/lib\/pulumi-acrn\/scenario\.xml/);
  });

  it("a full disk is 1: all was put back", async () => {
    const root = folderHost();
    const before = snapshotTree(root);
    const full = `case "$*" in */scenario.xml) echo "No space left on device" >&2; exit 1;; esac\nreal "$@"`;
    const { status, err } = await spawnCli(["apply", root, declaration(cell()), "--yes"], {
      PATH: withCommand(["ln", "mv"], full),
    }).ended;
    assert.equal(status, 1, err);
    assert.match(err, /\[disk\.full\]/);
    assert.deepEqual(
      diffTrees(before, snapshotTree(root), { times: false }).filter((line) => !/^var\/lib\/pulumi-acrn/.test(line)),
      [],
    );
  });

  it("survives a reader that leaves early", async () => {
    const { child, ended } = spawnCli(["inspect", folderHost(), "--json"]);
    child.stdout?.destroy();
    const { status, err } = await ended;
    assert.equal(status, 0, err);
    assert.doesNotMatch(err, /EPIPE/);
  });
});
