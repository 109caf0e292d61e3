import assert from "node:assert";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { EngineStack } from "../support/engine-stack";

const NAMES = ["one", "two", "three"];
const program = NAMES.map(
  (name) => `const ${name} = new AcrnHost("${name}", { connection: at.${name} });
new CorePartition("${name}-cores", { host: ${name}, vms: { POST_RT_VM1: [5, 6] } });`,
).join("\n");

describe("engine: three hosts, one of them down", function () {
  const lab = withLab(
    this,
    NAMES.map((name) => ({ name })),
  );
  let stack: EngineStack;
  const untouched = new Map<string, Tree>();

  before(async () => {
    stack = await EngineStack.create(lab(), "down");
    stack.program(program);
    for (const name of NAMES) untouched.set(name, lab().tree(name));
    await lab().lab.host("two").down();
  });

  const written = () => NAMES.filter((name) => lab().has(name, SOURCE));
  const changed = () => NAMES.filter((name) => lab().changes(name, untouched.get(name) as Tree).length > 0);

  it("a preview says so and plans the others", async () => {
    const run = await stack.ok("preview");
    assert.match(run.text, /warning: .*127\.0\.0\.1.* cannot be reached, so there is no plan/);
    assert.match(run.text, /ECONNREFUSED|refused/);
    assert.deepStrictEqual(changed(), []);
  });

  it("up fails and writes nothing to it; --continue-on-error converges the others", async () => {
    const run = await stack.fails("up");
    assert.match(run.text, /two.*\n?.*refused/);
    await stack.fails("up", "--continue-on-error");
    assert.deepStrictEqual(written(), ["one", "three"]);
    for (const name of written()) assert.deepStrictEqual(lab().pcpus(name, "POST_RT_VM1"), [5, 6]);
  });

  it("once it is up again, an up is all that it takes", async () => {
    await lab().lab.host("two").up();
    stack.program(program.replace(/^new CorePartition\("two-cores".*$/m, ""));
    await stack.ok("up");
    assert.deepStrictEqual(written(), ["one", "three"]);
    assert.deepStrictEqual(lab().owners("two"), ["down two"]);
  });

  it("a new resource on it while it is down again stops none of the others", async () => {
    await lab().lab.host("two").down();
    stack.program(program.replaceAll("[5, 6]", "[7]"));
    await stack.fails("up", "--continue-on-error");
    for (const name of ["one", "three"]) assert.deepStrictEqual(lab().pcpus(name, "POST_RT_VM1"), [7]);
    assert.deepStrictEqual(written(), ["one", "three"]);
  });

  it("an update of it neither: its state stays as it was", async () => {
    await lab().lab.host("two").up();
    await stack.ok("up");
    await lab().lab.host("two").down();
    stack.program(program.replaceAll("[5, 6]", "[8]"));
    await stack.fails("up", "--continue-on-error");
    for (const name of ["one", "three"]) assert.deepStrictEqual(lab().pcpus(name, "POST_RT_VM1"), [8]);
    assert.deepStrictEqual(lab().pcpus("two", "POST_RT_VM1"), [7]);
    assert.deepStrictEqual(stack.resource("two-cores").outputs.pcpus, { POST_RT_VM1: [7] });
  });

  it("refresh keeps what it knew of it, and warns", async () => {
    const before = stack.resource("two-cores").outputs;
    const run = await stack.ok("refresh");
    assert.match(run.text, /warning: the state is kept as it was/);
    assert.deepStrictEqual(stack.resource("two-cores").outputs, before);
  });

  it("destroy --continue-on-error gives back the others; the rest follows when it is up", async () => {
    await stack.fails("destroy", "--continue-on-error");
    assert.deepStrictEqual(changed(), ["two"]);
    await lab().lab.host("two").up();
    await stack.ok("destroy");
    assert.deepStrictEqual(changed(), []);
  });
});

describe('engine: onUnreachable "defer"', function () {
  const lab = withLab(this, [{ name: "cell" }]);

  it("up succeeds without the host, says so, and the next up writes", async () => {
    const stack = await EngineStack.create(lab(), "defer");
    stack.program(`const host = new AcrnHost("host", { connection: at.cell, onUnreachable: "defer" });
new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });`);
    const untouched = lab().tree("cell");
    await lab().lab.host("cell").down();
    const run = await stack.ok("up");
    assert.match(run.text, /warning: .*the next up writes/);
    await lab().lab.host("cell").up();
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    assert.deepStrictEqual(lab().owners("cell"), ["defer cores", "defer host"]);
    await stack.ok("preview", "--expect-no-changes");
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});
