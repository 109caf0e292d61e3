import assert from "node:assert/strict";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { isEmpty } from "../../provider/core/plan/types";
import { GpuCell, LEDGER, Live, planOf, RULES, SECOND } from "./support/live-gpu";

const ALL = { max: 600, min: 600 };

describe("converge: values of the running kernel", function () {
  this.timeout(120_000);
  let cell: GpuCell;

  beforeEach(() => {
    cell = new GpuCell();
  });
  afterEach(() => cell.remove());

  const tree = () => snapshotTree(cell.dir);
  const changed = (before: ReturnType<typeof tree>) => diffTrees(before, tree(), { times: false });

  it("are set after the files, proved by a new read, and given back before them", async () => {
    const before = tree();
    const done = await cell.create(ALL);
    assert.ok(done.changed);
    assert.deepEqual(cell.running(), [600, 600, 600]);
    assert.match(done.snapshot.texts.get("gpu") ?? "", /gt_max_freq_mhz 600/);
    assert.ok(isEmpty(planOf(ALL)(await new Live(cell.dir).draft()).plan));
    assert.ok(!(await cell.create(ALL)).changed);
    assert.ok((await cell.destroy()).changed);
    assert.deepEqual(changed(before), []);
  });

  it("that were not shown are not set", async () => {
    const { lines } = planOf({ max: 600 })(await new Live(cell.dir).draft());
    cell.set("max", 900);
    await assert.rejects(cell.create({ max: 600 }, {}, { agreed: lines }), {
      code: "plan.changed",
      hint: /max: 900 MHz => 600 MHz/,
    });
    assert.deepEqual([cell.running(), cell.has(RULES), cell.has(LEDGER)], [[900, 1300, 300], false, false]);
  });

  it("where the link dies on the way: whatever was done, the next one ends it, and nothing of before is forgotten", async () => {
    const before = tree();
    const seen = new Set<string>();
    for (let dies = 1; dies <= 9; dies++) {
      await cell.create(ALL, { dies }).catch(() => undefined);
      seen.add(`create ${cell.running()[0]} ${cell.has(RULES)}`);
      await cell.create(ALL);
      assert.deepEqual([cell.running(), cell.has(RULES)], [[600, 600, 600], true], `create, script ${dies}`);
      await cell.destroy({ dies }).catch(() => undefined);
      seen.add(`destroy ${cell.running()[0]} ${cell.has(RULES)}`);
      await cell.destroy();
      assert.deepEqual(changed(before), [], `destroy, script ${dies}`);
    }
    for (const state of [
      "create 1300 false",
      "create 1300 true",
      "destroy 600 true",
      "destroy 1300 true",
      "destroy 1300 false",
    ])
      assert.ok(seen.has(state), `${state} never happened: ${[...seen].join(", ")}`);
    assert.ok(!seen.has("destroy 600 false"), "the files went before what runs was back");
  });

  it("of two GPUs, where a resource moves from one to the other: the first's are given back before its claim goes", async () => {
    cell.second();
    const before = tree();
    const [first, second] = [
      { ...ALL, card: "0000:00:02.0" },
      { ...ALL, card: SECOND },
    ];
    const seen = new Set<string>();
    for (let dies = 1; dies <= 9; dies++) {
      await cell.create(first);
      await cell.create(second, { dies }).catch(() => undefined);
      seen.add(`${cell.running()[0]} ${cell.running(SECOND)[0]}`);
      await cell.create(second);
      assert.deepEqual([cell.running()[0], cell.running(SECOND)[0]], [1300, 600], `script ${dies}`);
      await cell.destroy();
      assert.deepEqual(changed(before), [], `script ${dies}`);
    }
    assert.deepEqual([...seen].sort(), ["1300 1300", "1300 600", "600 1300"]);
  });

  it("that somebody changed since stay in a withdrawal", async () => {
    await cell.create(ALL);
    cell.set("max", 900);
    await cell.destroy();
    assert.deepEqual([cell.running(), cell.has(RULES), cell.has(LEDGER)], [[900, 1300, 300], false, false]);
  });
});
