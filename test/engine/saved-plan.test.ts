import assert from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { EngineStack } from "../support/engine-stack";

const EXPERIMENTAL = { env: { PULUMI_EXPERIMENTAL: "true" } };
const RECORD = "usr/share/acrn/scenario.xml";

describe("engine: what was reviewed is what is applied", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let stack: EngineStack;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "reviewed");
    stack.program(`const host = new AcrnHost("host", { connection: at.cell });
new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });`);
    untouched = lab().tree("cell");
  });

  it("--save-plan and --plan: drift in between is refused before create", async () => {
    const file = join(stack.dir, "plan.json");
    const saved = await stack.run(["preview", "--save-plan", file], EXPERIMENTAL);
    assert.strictEqual(saved.status, 0, saved.text);
    const record = lab().read("cell", RECORD);
    lab().edit("cell", "POST_RT_VM1", 3, 9);
    const refused = await stack.run(["up", "--plan", file], EXPERIMENTAL);
    assert.notStrictEqual(refused.status, 0, refused.text);
    assert.match(refused.text, /violates plan: properties changed: .*plan/);
    assert.ok(!lab().has("cell", SOURCE));
    writeFileSync(lab().path("cell", RECORD), record);
    const applied = await stack.run(["up", "--plan", file], EXPERIMENTAL);
    assert.strictEqual(applied.status, 0, applied.text);
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });

  it("drift between check and create is refused, nothing is written, and the next up says the new plan", async () => {
    const record = lab().read("cell", RECORD);
    let commands = 0;
    // The check has read when the first transaction starts: the AcrnHost's claim. Then somebody edits the record.
    const during = async () => {
      const { lab: hosts } = lab();
      const before = hosts.host("cell").commands.length;
      while (commands < before + 2) {
        await new Promise((settle) => setTimeout(settle, 2));
        commands = hosts.host("cell").commands.length;
      }
      lab().edit("cell", "POST_RT_VM1", 3, 9);
    };
    const run = await stack.run(["up"], { during });
    // Either the check saw the edit already (then it was shown and agreed) or the apply refuses: never a silent other write.
    if (run.status === 0) assert.match(run.text, /-\s+<pcpu_id>9<\/pcpu_id>/);
    else {
      assert.match(run.text, /the host changed after the plan was made/);
      assert.ok(!lab().has("cell", SOURCE));
    }
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    writeFileSync(lab().path("cell", RECORD), record);
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });
});
