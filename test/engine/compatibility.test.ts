import assert from "node:assert";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "../../examples/lab/tree";
import { ROOT, withLab } from "../support/engine-lab";
import { EngineStack } from "../support/engine-stack";

const program = `const host = new AcrnHost("host", { connection: at.cell });
new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });
exports.board = host.facts.apply((facts) => facts.board.value);`;

describe("engine: versions, packages and states that do not fit", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let stack: EngineStack;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "compatible");
    untouched = lab().tree("cell");
  });

  it("a face of another version is refused, both versions named", async () => {
    stack.program(`const path = require("node:path");
const root = path.dirname(require.resolve("pulumi-acrn/package.json"));
require(path.join(root, "dist/provider/version")).version = "0.0.9";
${program}`);
    const run = await stack.fails("preview");
    assert.match(run.text, /written with pulumi-acrn 0\.0\.9, but the provider found beside it is \d+\.\d+\.\d+/);
    assert.match(run.text, /npm ls pulumi-acrn/);
    assert.strictEqual(lab().lab.host("cell").connections, 0);
  });

  it("a state without the outputs that a newer version added is refreshed, previewed and updated", async () => {
    stack.program(program);
    await stack.ok("up");
    const source = lab().tree("cell");
    for (const name of ["vcpuMap", "evicted", "pending", "housekeepingCpus"])
      assert.ok(name in stack.resource("cores").outputs, name);
    stack.alterState(({ inputs, outputs }) => {
      for (const bag of [inputs ?? {}, outputs ?? {}])
        for (const name of ["vcpuMap", "evicted", "pending", "housekeepingCpus", "plan"]) delete bag[name];
    });
    await stack.ok("refresh");
    await stack.ok("up");
    assert.deepStrictEqual(stack.resource("cores").outputs.housekeepingCpus, { POST_RT_VM1: "0" });
    const files = (tree: Tree) =>
      [...tree].filter(([, { type }]) => type === "file").map(([path, entry]) => [path, entry.ino]);
    assert.deepStrictEqual(files(lab().tree("cell")), files(source), "the machine has all of it: nothing is written");
    await stack.ok("preview", "--expect-no-changes");
  });

  it("a destroy from a folder without the package says what to install there", async () => {
    const modules = join(stack.dir, "node_modules");
    rmSync(modules);
    mkdirSync(modules);
    symlinkSync(join(ROOT, "node_modules", "@pulumi"), join(modules, "@pulumi"));
    const run = await stack.fails("destroy");
    assert.match(run.text, /pulumi-acrn\/provider is not found from .*programs\/compatible: run npm install there/);
    rmSync(modules, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), modules);
    stack.alterState(({ inputs, outputs }) => {
      for (const bag of [inputs ?? {}, outputs ?? {}])
        for (const name of ["vcpuMap", "pending", "plan"]) delete bag[name];
    });
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});
