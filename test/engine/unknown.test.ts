import assert from "node:assert";
import { SOURCE, withLab } from "../support/engine-lab";
import { EngineStack, previewOf } from "../support/engine-stack";

const program = `
class Machine extends pulumi.dynamic.Resource {
  constructor(name, address) {
    super({ create: async ({ address }) => ({ id: "made", outs: { address, port: address.port } }) }, name, { address, port: undefined });
  }
}
const machine = new Machine("machine", at.cell);
const { port, ...known } = at.cell;
const host = new AcrnHost("host", { connection: { ...known, port: machine.port } });
const cores = new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });
exports.cpus = cores.rtCpus;
exports.board = host.facts.apply((facts) => facts.board.value);`;

describe("engine: an address that is not known before up", function () {
  const lab = withLab(this, [{ name: "cell" }]);

  it("is not dialled in the preview, whose outputs are unknown; up makes both; update previews know", async () => {
    const stack = await EngineStack.create(lab(), "unknown");
    stack.program(program);
    const untouched = lab().tree("cell");
    const preview = await stack.ok("preview", "--diff");
    assert.strictEqual(lab().lab.host("cell").connections, 0);
    assert.match(preview.text, /plan +: (\[unknown\]|output<string>)/);
    await stack.ok("up");
    assert.ok(lab().has("cell", SOURCE));
    const again = previewOf(await stack.ok("preview", "--json", "--expect-no-changes"));
    assert.deepStrictEqual(
      again.steps.filter(({ op }) => op !== "same"),
      [],
    );
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});
