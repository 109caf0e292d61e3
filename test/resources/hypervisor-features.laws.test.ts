import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { planResource } from "../../provider/converge/plan-resource";
import { FEATURE_NAMES, FEATURES } from "../../provider/core/acrn/features/table";
import { corePartitionKind } from "../../provider/resources/core-partition";
import type { MemoryHost } from "../support/memory-host";
import { optional } from "../support/needs";
import { cell, plan, withdraw } from "./hypervisor-features.support";
import { DATA, hostOf, reals } from "./reals";

/** Any options with any of their values, of any version. */
const options = fc
  .subarray([...FEATURE_NAMES], { minLength: 1 })
  .chain((names) =>
    fc.record(
      Object.fromEntries(
        names.map((name) => [
          name,
          fc.constantFrom(
            ...new Set(FEATURES[name].flatMap(({ values }) => Object.keys(values).map((text) => typed(text)))),
          ),
        ]),
      ),
    ),
  )
  .map((args) => ({ ...args, trustAllGuestKernels: true }) as Record<string, unknown>);

const typed = (text: string) => (text === "true" ? true : text === "false" ? false : text);

/** Refused and nothing planned; or applied, then nothing left to do, changed in any way, and given back byte for byte. */
function law(memory: MemoryHost, steps: readonly Record<string, unknown>[]): number {
  let applied = 0;
  const before = memory.image();
  for (const args of steps) {
    const planned = plan(memory, args);
    assert.deepEqual(plan(memory, args).lines, planned.lines);
    if (planned.refusals.length > 0) continue;
    memory.apply(planned);
    applied++;
    assert.deepEqual(plan(memory, args).lines, [], JSON.stringify(args));
  }
  memory.apply(withdraw(memory));
  assert.deepEqual(memory.changedSince(before), []);
  return applied;
}

const steps = fc.array(options, { minLength: 1, maxLength: 3 });

describe("HypervisorFeatures: laws", function () {
  this.timeout(60_000);
  for (const version of ["2.5", "2.7", "3.0", "3.3"] as const)
    it(`a host of ${version}`, () =>
      fc.assert(
        fc.property(steps, (all) => void law(cell(version), all)),
        { numRuns: 25 },
      ));

  for (const version of ["v2.5", "v3.4-dev"])
    it(`every real scenario of ${version}`, function () {
      optional(this, existsSync(DATA), "no ../shared/acrn-data");
      let applied = 0;
      for (const real of reals(version))
        fc.assert(
          fc.property(steps, (all) => {
            applied += law(hostOf(real), all);
          }),
          { numRuns: 8 },
        );
      assert.ok(applied > 0, "all were refused");
    });

  it("beside a CorePartition, in either order of withdrawal", () => {
    const cores = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
    const vms = corePartitionKind.schema.parse({ vms: { RT: [3] }, neighbours: "evict" });
    fc.assert(
      fc.property(options, fc.boolean(), (args, partitionFirst) => {
        const memory = cell();
        const before = memory.image();
        const partition = () => memory.apply(planResource(memory.draft(), corePartitionKind, cores, vms, "id2"));
        if (partitionFirst) partition();
        const planned = plan(memory, args);
        if (planned.refusals.length === 0) memory.apply(planned);
        if (!partitionFirst) partition();
        memory.apply(withdraw(memory));
        assert.deepEqual(memory.changedSince(before), []);
      }),
      { numRuns: 25 },
    );
  });
});
