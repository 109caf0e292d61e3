import assert from "node:assert";
import type { Tree } from "../../examples/lab/tree";
import { LEDGER, SOURCE, withLab } from "../support/engine-lab";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const HEAD = `
class Line extends pulumi.ComponentResource {
  constructor(name) { super("tests:Line", name); }
}`;

const HOST = `const host = new AcrnHost("cell", { connection: at.cell });`;
const args = "{ host, vms: { POST_RT_VM1: [2, 3] }, neighbours: 'evict' }";

/** Row by row: what becomes of the program, and what the machine's ledger says afterwards. */
const refactorings: { title: string; program: string; owners: string[] }[] = [
  {
    title: "a rename",
    program: `${HOST} new CorePartition("renamed", ${args});`,
    owners: ["refactor cell", "refactor renamed"],
  },
  {
    title: "a move into a component, without an alias",
    program: `${HOST} new CorePartition("renamed", ${args}, { parent: new Line("line") });`,
    owners: ["refactor cell", "refactor renamed"],
  },
  {
    title: "a move out of the component, with an alias",
    program: `${HOST} const line = new Line("line");
new CorePartition("renamed", ${args}, { aliases: [{ name: "renamed", parent: line }] });`,
    owners: ["refactor cell", "refactor renamed"],
  },
  {
    title: "a rename of the AcrnHost",
    program: `${HOST.replace('"cell"', '"host"')} new CorePartition("renamed", ${args});`,
    owners: ["refactor host", "refactor renamed"],
  },
  {
    title: "a move of AcrnHost and all on it into a component",
    program: `const parent = new Line("line"); const host = new AcrnHost("host", { connection: at.cell }, { parent });
new CorePartition("renamed", ${args}, { parent });`,
    owners: ["refactor host", "refactor renamed"],
  },
];

describe("engine: a refactored program changes nothing on the machine", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let stack: EngineStack;
  let untouched: Tree;
  let source: string;

  before(async () => {
    stack = await EngineStack.create(lab(), "refactor");
    untouched = lab().tree("cell");
    stack.program(`${HEAD}\n${HOST} new CorePartition("cores", ${args});`);
    await stack.ok("up");
    source = lab().read("cell", SOURCE);
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [2, 3]);
  });

  for (const { title, program, owners } of refactorings)
    it(title, async () => {
      stack.program(`${HEAD}\n${program}`);
      await stack.ok("up");
      assert.strictEqual(lab().read("cell", SOURCE), source);
      assert.deepStrictEqual(lab().owners("cell"), owners);
    });

  it("--replace of the CorePartition, and of the AcrnHost", async () => {
    for (const name of ["renamed", "host"]) {
      const run = await stack.ok("up", "--replace", stack.resource(name).urn);
      assert.match(run.text, /replaced/);
      assert.strictEqual(lab().read("cell", SOURCE), source);
      assert.deepStrictEqual(lab().owners("cell"), ["refactor host", "refactor renamed"]);
    }
    await stack.ok("preview", "--expect-no-changes");
  });

  it("and a destroy still gives every byte back", async () => {
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});

const two = (right: string, more = "") => `
const left = new AcrnHost("left", { connection: at.left });
new CorePartition("left-cores", { host: left, vms: { POST_RT_VM1: [5, 6], POST_RT_VM2: [7] } });
const right = new AcrnHost("right", { connection: at.right });
${right}${more}`;
const RIGHT = 'new CorePartition("right-cores", { host: right, vms: { POST_RT_VM1: [5] } });';

describe("engine: some resources change and the others stay", function () {
  const lab = withLab(this, [{ name: "left" }, { name: "right" }]);
  let stack: EngineStack;
  let untouched: { left: Tree; right: Tree };

  before(async () => {
    stack = await EngineStack.create(lab(), "some");
    untouched = { left: lab().tree("left"), right: lab().tree("right") };
    stack.program(two(RIGHT));
  });

  it("--target reads and writes one host only", async () => {
    const target = (name: string, kind: string) => [
      "--target",
      `urn:pulumi:some::engine::pulumi-nodejs:dynamic/acrn:${kind}::${name}`,
    ];
    await stack.ok("up", ...target("right", "AcrnHost"), ...target("right-cores", "CorePartition"));
    assert.deepStrictEqual(lab().pcpus("right", "POST_RT_VM1"), [5]);
    assert.strictEqual(lab().lab.host("left").connections, 0);
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("left", "POST_RT_VM1"), [5, 6]);
    assert.deepStrictEqual(changesOf(previewOf(await stack.ok("preview", "--json"))), []);
  });

  it("cores are swapped between two VMs in one step", async () => {
    stack.program(two(RIGHT).replace("[5, 6], POST_RT_VM2: [7]", "[7], POST_RT_VM2: [5, 6]"));
    const right = lab().tree("right");
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("left", "POST_RT_VM1"), [7]);
    assert.deepStrictEqual(lab().pcpus("left", "POST_RT_VM2"), [5, 6]);
    assert.deepStrictEqual(lab().changes("right", right, true), []);
  });

  it("a dropped CorePartition gives its fields back, its host and the other machine stay", async () => {
    stack.program(two("").replace("[5, 6], POST_RT_VM2: [7]", "[7], POST_RT_VM2: [5, 6]"));
    const left = lab().tree("left");
    await stack.ok("up");
    assert.ok(!lab().has("right", SOURCE));
    assert.deepStrictEqual(lab().owners("right"), ["some right"]);
    assert.deepStrictEqual(lab().changes("left", left, true), []);
  });

  it("a VM that leaves the map gets its own pCPUs back, the other keeps what it was given", async () => {
    stack.program(two("").replace("[5, 6], POST_RT_VM2: [7]", "[7]"));
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("left", "POST_RT_VM1"), [7]);
    assert.deepStrictEqual(lab().pcpus("left", "POST_RT_VM2"), [4]);
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("left", untouched.left), []);
    assert.deepStrictEqual(lab().changes("right", untouched.right), []);
    assert.ok(!lab().has("left", LEDGER));
  });
});
