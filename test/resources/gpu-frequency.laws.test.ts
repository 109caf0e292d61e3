import assert from "node:assert/strict";
import fc from "fast-check";
import { planResource } from "../../provider/converge/plan-resource";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { cell, plan, running, setBy, withdraw } from "./gpu-frequency.support";

const mhz = fc.integer({ min: 6, max: 26 }).map((steps) => steps * 50);
const limit = fc.oneof(fc.constant("lowest"), mhz, fc.integer({ min: 250, max: 1400 }));
const args = fc.record({ max: limit, boost: limit, min: limit }, { requiredKeys: ["max"] });
const before = fc.tuple(mhz, mhz, mhz).map(([a, b, boost]) => ({ min: Math.min(a, b), max: Math.max(a, b), boost }));

describe("GpuFrequency: laws", () => {
  it("refused and nothing planned; or applied, nothing left to do, changed in any way, and given back byte for byte", () => {
    let applied = 0;
    fc.assert(
      fc.property(fc.array(args, { minLength: 1, maxLength: 3 }), before, (steps, now) => {
        const memory = cell({ gpu: { lowest: 300, highest: 1300, now } });
        const image = memory.image();
        for (const wishes of steps) {
          const planned = plan(memory, wishes);
          assert.deepEqual(plan(memory, wishes).lines, planned.lines);
          if (planned.refusals.length > 0) {
            assert.deepEqual(
              planned.plan.edits.filter(({ why }) => why === "declared"),
              [],
            );
            continue;
          }
          memory.apply(planned);
          applied++;
          assert.deepEqual(plan(memory, wishes).lines, [], JSON.stringify(wishes));
          const { max, boost, min } = planned.outputs.mhz as Record<string, number>;
          assert.deepEqual(running(memory), [max, boost, min]);
        }
        memory.apply(withdraw(memory));
        assert.deepEqual(memory.changedSince(image), []);
      }),
      { numRuns: 100 },
    );
    assert.ok(applied > 0, "all were refused");
  });

  it("a boot in between changes nothing of that: the driver's own limits, then udev's rules", () =>
    fc.assert(
      fc.property(mhz, before, fc.boolean(), (max, now, ruled) => {
        const memory = cell({ gpu: { lowest: 300, highest: 1300, now } });
        const image = memory.image();
        memory.apply(plan(memory, { max }));
        setBy(memory, "max", ruled ? max : 1300);
        setBy(memory, "boost", ruled ? max : 1300);
        memory.apply(plan(memory, { max }));
        memory.apply(withdraw(memory));
        assert.deepEqual(memory.changedSince(image), []);
      }),
      { numRuns: 50 },
    ));

  it("beside a CorePartition, in either order", () => {
    const cores = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
    const vms = corePartitionKind.schema.parse({ vms: { RT: [3] }, neighbours: "evict" });
    for (const gpuFirst of [true, false]) {
      const memory = cell();
      const image = memory.image();
      const partition = () => memory.apply(planResource(memory.draft(), corePartitionKind, cores, vms, "id2"));
      if (!gpuFirst) partition();
      memory.apply(plan(memory, { max: "lowest" }));
      if (gpuFirst) partition();
      memory.apply(withdraw(memory));
      assert.deepEqual(memory.changedSince(image), []);
    }
  });
});
