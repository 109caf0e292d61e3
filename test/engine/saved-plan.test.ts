import assert from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../../examples/lab/tree";
import { LEDGER, SOURCE, withLab } from "../support/engine-lab";
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

  it("drift between check and create is refused and nothing is written; the next up mends it", async () => {
    const host = lab().lab.host("cell");
    const record = lab().read("cell", RECORD);
    // Each command waits before it starts: so the edit comes after the check's read and before the create's own.
    host.faults.delayMs = 1000;
    const during = async () => {
      await until(() => lab().has("cell", LEDGER));
      const claimed = host.commands.length;
      await until(() => host.commands.length > claimed);
      lab().edit("cell", "POST_RT_VM1", 3, 9);
    };
    const run = await stack.run(["up"], { during });
    host.faults.delayMs = 0;
    assert.notStrictEqual(run.status, 0, run.text);
    assert.match(run.text, /the host changed after the plan was made.*cpu_affinity: 9 => 5-6.*Nothing was changed/s);
    assert.ok(!lab().has("cell", SOURCE));
    await stack.ok("up");
    assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
    writeFileSync(lab().path("cell", RECORD), record);
    await stack.ok("destroy");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
  });

  async function until(reached: () => boolean): Promise<void> {
    for (let waited = 0; waited < 60_000 && !reached(); waited += 2) await sleep(2);
    assert.ok(reached(), "it never came");
  }
});
