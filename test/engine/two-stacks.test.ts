import assert from "node:assert";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { EngineStack } from "../support/engine-stack";

const program = (vms: string, neighbours = "refuse") => `const host = new AcrnHost("host", { connection: at.cell });
new CorePartition("cores", { host, vms: { ${vms} }, neighbours: "${neighbours}" });`;

const SAME = program("POST_RT_VM1: [5, 6]");

describe("engine: two stacks on one host", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let one: EngineStack;
  let two: EngineStack;
  let untouched: Tree;

  before(async () => {
    [one, two] = await Promise.all([EngineStack.create(lab(), "one"), EngineStack.create(lab(), "two")]);
    untouched = lab().tree("cell");
    for (const stack of [one, two]) stack.program(SAME);
  });

  it("the same value agrees, also when both write at once", async () => {
    await Promise.all([one.ok("up"), two.ok("up")]);
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    assert.deepStrictEqual(lab().owners("cell"), ["one cores", "one host", "two cores", "two host"]);
    await one.ok("preview", "--expect-no-changes");
  });

  it("another value is refused, with the other stack's name and resource", async () => {
    two.program(program("POST_RT_VM1: [7]"));
    const before = lab().tree("cell");
    const run = await two.fails("preview");
    assert.match(run.text, /stack organization\/engine\/one holds .*POST_RT_VM1.* at 5-6, and this one wants 7/);
    assert.match(run.text, /::cores/);
    assert.deepStrictEqual(lab().changes("cell", before, true), []);
  });

  it("each may have VMs of its own; the value stays until the last claim goes, first stack first", async () => {
    two.program(program("POST_RT_VM1: [5, 6], POST_RT_VM2: [8]"));
    await two.ok("up");
    await one.ok("destroy");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM2"), [8]);
    await two.ok("preview", "--expect-no-changes");
    await two.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });

  it("an evicted neighbour does not come back onto cores that the other stack still holds, whichever goes first", async () => {
    for (const stack of [one, two]) {
      stack.program(program("POST_RT_VM1: [2, 3]", "evict"));
      await stack.ok("up");
    }
    const before = lab().read("cell", SOURCE);
    await one.ok("destroy");
    assert.strictEqual(lab().read("cell", SOURCE), before, "the second stack's claims stay");
    await two.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});
