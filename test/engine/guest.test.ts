import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, snapshotTree, type Tree } from "../../examples/lab/tree";
import { withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";
const PASSWORD = "correct-horse-7";

/** What it logs in with is its own; the way through the host is the host's. */
const program = (more = "") => `
const { Guest } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: [3] } });
const rt = new RtVm("rt", { host, name: "${RT}", partition: cores, script: { edited: "${HOME}" } });
const guest = new Guest("rt-os", { via: host, vm: rt, connection: { ...guests.cell.${RT}, password: "${PASSWORD}" } });
${more}`;

describe("engine: the operating system of a VM, reached through its host", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      scripts: true,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: RT, cpus: [3] },
      ],
      guests: { [RT]: { address: "192.168.1.10" } },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  const guestDir = (): string =>
    lab()
      .lab.host("cell")
      .guests.find(({ vm }) => vm === RT)?.front.dir as string;
  const ledger = (): string => join(guestDir(), "var/lib/pulumi-acrn/ledger.json");

  before(async () => {
    stack = await EngineStack.create(lab(), "guest");
    cell = new RtCell(lab(), "cell");
    const generated = "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh";
    cell.write(HOME.slice(1), lab().read("cell", generated));
    stack.program(program());
  });

  it("whose VM does not run is told of, and nothing waits for it", async () => {
    const preview = await stack.ok("preview");
    assert.doesNotMatch(preview.text, /error/);
    const run = await stack.ok("up");
    assert.match(run.text, /nothing is written yet, the next up writes: .*192\.168\.1\.10/);
    assert.ok(!existsSync(ledger()));
  });

  it("is claimed by the next up once it runs; then nothing is left to do", async () => {
    await cell.launch(HOME, RT);
    untouched = snapshotTree(guestDir());
    await stack.ok("up");
    const { owners } = JSON.parse(readFileSync(ledger(), "utf8")) as { owners: Record<string, { kind: string }> };
    assert.deepEqual(
      Object.values(owners).map(({ kind }) => kind),
      ["Guest"],
    );
    await stack.ok("preview", "--expect-no-changes");
    assert.deepEqual(cell.interrupted, []);
  });

  it("its password is a secret, in plain text as it was given", () => {
    assert.ok(!stack.stateText().includes(PASSWORD));
  });

  it("a misspelt argument is named, and nothing is written", async () => {
    stack.program(program(`new Guest("other", { via: host, connection: "x", onUnreachable: "wait" });`));
    const run = await stack.fails("preview");
    assert.match(run.text, /onUnreachable/);
  });

  it("destroy gives every byte back", async () => {
    stack.program(program());
    await stack.ok("destroy");
    assert.deepEqual(diffTrees(untouched, snapshotTree(guestDir()), { times: false }), []);
  });
});
