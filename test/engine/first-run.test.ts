import assert from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../../examples/lab/tree";
import { LEDGER, SOURCE, withLab } from "../support/engine-lab";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

/** rpc.unknownValue of @pulumi/pulumi: what an output that a preview does not know is on the wire. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** `use` stands for whatever takes an output of ours: it has no plan while that output is unknown. */
const program = (pcpus: string) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { POST_RT_VM1: ${pcpus} }, neighbours: "evict" });
const cpus = cores.rtCpus.apply((list) => list.POST_RT_VM1);
const kernel = pulumi.interpolate\`isolcpus=\${cpus} maxcpus=\${host.facts.apply((f) => f.pcpus.value.length)}\`;
class Use extends pulumi.dynamic.Resource {
  constructor() {
    super({ check: async (_o, inputs) => ({ inputs }), create: async (outs) => ({ id: "use", outs }), update: async (_i, _o, outs) => ({ outs }) }, "use", { kernel });
  }
}
new Use();
exports.kernel = kernel;
exports.pcpus = cores.pcpus;`;

describe("engine: a host's first run, drift, and the way back", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let stack: EngineStack;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "first");
    stack.program(program("[2, 3]"));
    untouched = lab().tree("cell");
  });

  /** Nothing unknown, neither in a step nor in the outputs. */
  function assertAllKnown(text: string, kernel: string): void {
    const steps = previewOf({ status: 0, stdout: text, text, took: 0 }).steps;
    const use = steps.find(({ urn }) => urn.endsWith("::use"))?.newState?.inputs;
    assert.strictEqual(use?.kernel, kernel);
    const ours = steps.filter(({ urn }) => urn.includes("dynamic/acrn:"));
    assert.ok(ours.length > 0);
    for (const { urn, newState } of ours) assert.ok(!JSON.stringify(newState?.inputs).includes(UNKNOWN), urn);
  }

  it("a preview knows every output, says the diff at its resource, and writes nothing at all", async () => {
    const run = await stack.ok("preview", "--json");
    assertAllKnown(run.stdout, "isolcpus=1 maxcpus=12");
    const preview = previewOf(run);
    assert.deepStrictEqual(changesOf(preview), [
      "cell-facts: create",
      "cell: create",
      "cores: create",
      "engine-first: create",
      "use: create",
    ]);
    const said = preview.diagnostics.filter(({ urn }) => urn?.endsWith("::cores"));
    assert.match(said.map(({ message }) => message).join("\n"), /^\+ +<pcpu_id>2<\/pcpu_id>$/m);
    assert.deepStrictEqual(lab().changes("cell", untouched, true), []);
    assert.strictEqual(lab().lab.host("cell").connections, 1, "one connection a run");
  });

  it("up writes, and the second preview and refresh find nothing", async () => {
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [2, 3]);
    assert.deepStrictEqual(lab().pcpus("cell", "POST_STD_VM1"), [1]);
    const converged = lab().tree("cell");
    await stack.ok("preview", "--expect-no-changes");
    await stack.ok("refresh", "--preview-only", "--expect-no-changes");
    await stack.ok("up", "--expect-no-changes");
    assert.deepStrictEqual(lab().changes("cell", converged, true), [], "nothing to do writes nothing");
  });

  it("an update preview knows every output too", async () => {
    stack.program(program("[3, 4, 5]").replace("POST_RT_VM1: [", "POST_RT_VM2: [6], POST_RT_VM1: ["));
    const run = await stack.ok("preview", "--json");
    assertAllKnown(run.stdout, "isolcpus=1-2 maxcpus=12");
    assert.deepStrictEqual(changesOf(previewOf(run)), ["cores: update", "use: update"]);
    stack.program(program("[2, 3]"));
  });

  it("a hand edit is seen without refresh (the plan) and with one (live => desired), and up mends it", async () => {
    lab().edit("cell", "POST_RT_VM1", 2, 7);
    const edited = lab().tree("cell");
    const plain = await stack.ok("preview", "--diff");
    assert.match(plain.text, /scenario vm\[POST_RT_VM1\]\/cpu_affinity: 3,7 => 2-3/);
    const refreshed = await stack.ok("preview", "--diff", "--refresh");
    assert.match(refreshed.text, /~ vms +: \{\s+~ POST_RT_VM1: \[\s+~ \[0\]: 3 => 2\s+~ \[1\]: 7 => 3/);
    assert.deepStrictEqual(lab().changes("cell", edited, true), []);
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [2, 3]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("drift that a refresh stored is mended by the next up", async () => {
    lab().edit("cell", "POST_RT_VM1", 3, 8);
    await stack.ok("refresh");
    assert.deepStrictEqual(stack.resource("cores").inputs.vms, { POST_RT_VM1: [2, 8] });
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [2, 3]);
  });

  it("destroy gives every byte back", async () => {
    assert.ok(lab().has("cell", SOURCE) && lab().has("cell", LEDGER));
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
    // what keeps the lease of a lock sees within five seconds that it is not needed any more
    for (let i = 0; i < 40 && lab().lab.processes().length > 0; i++) await sleep(250);
    assert.deepStrictEqual(lab().lab.processes(), []);
  });
});
