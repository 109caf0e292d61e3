import assert from "node:assert/strict";
import fc from "fast-check";
import { possibleLimits } from "../../../provider/core/gpu/giving-back";
import { type Gpu, LIMITS, type Limits } from "../../../provider/core/gpu/read";
import { IN_ORDER } from "../../../provider/core/gpu/udev-rule";

const gpu = (now: Limits, lowest = 300, highest = 1300): Gpu => ({
  address: "0000:00:02.0",
  card: "card0",
  now,
  lowest,
  highest,
});
const L = (max: number, boost: number, min: number): Limits => ({ max, boost, min });

describe("core/gpu: what goes back", () => {
  const rows: [what: string, wanted: Limits, given: (keyof Limits)[], highest: number, is: Limits, why: string[]][] = [
    ["all of it", L(1300, 1300, 1300), [...LIMITS], 1300, L(1300, 1300, 1300), []],
    ["a minimum above somebody's maximum", L(900, 1300, 1300), ["boost", "min"], 1300, L(900, 1300, 900), ["min"]],
    ["a maximum below somebody's minimum", L(400, 1300, 600), ["max", "boost"], 1300, L(600, 1300, 600), ["max"]],
    ["above the range", L(1300, 1300, 1300), [...LIMITS], 900, L(900, 900, 900), ["max", "boost", "min"]],
    ["below the range", L(200, 1300, 200), [...LIMITS], 1300, L(300, 1300, 300), ["max", "min"]],
    ["a boost below the minimum: i915 takes it", L(900, 300, 600), [...LIMITS], 1300, L(900, 300, 600), []],
    ["nothing of somebody's is touched", L(1300, 1300, 1300), [], 900, L(1300, 1300, 1300), []],
  ];
  for (const [what, wanted, given, highest, is, why] of rows)
    it(what, () => {
      const found = possibleLimits(wanted, new Set(given), gpu(wanted, 300, highest));
      assert.deepEqual(found.limits, is);
      assert.deepEqual([...found.why.keys()], why);
    });

  it("whatever it was, and whatever runs, i915 takes it", () => {
    const mhz = fc.integer({ min: 0, max: 2000 });
    const range = fc.tuple(fc.integer({ min: 100, max: 1000 }), fc.integer({ min: 0, max: 1000 }));
    const runs = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.record({ min: mhz, max: mhz, boost: mhz }),
        range,
        runs,
        fc.subarray([...LIMITS]),
        (was, r, n, given) => {
          const [lowest, highest] = [r[0], r[0] + r[1]];
          const at = (share: number) => lowest + Math.round(share * (highest - lowest));
          const now = L(at(Math.max(...n)), at(n[0]), at(Math.min(...n)));
          const wanted = Object.fromEntries(LIMITS.map((each) => [each, (given.includes(each) ? was : now)[each]]));
          const { limits } = possibleLimits(wanted as unknown as Limits, new Set(given), gpu(now, lowest, highest));
          let running = now;
          for (const limit of IN_ORDER) running = taken(running, limit, limits[limit], lowest, highest);
          assert.deepEqual(running, limits);
          for (const limit of LIMITS) if (!given.includes(limit)) assert.equal(limits[limit], now[limit]);
        },
      ),
    );
  });
});

/** intel_rps.c: outside the range, or past the other limit, is EINVAL. */
function taken(now: Limits, limit: keyof Limits, value: number, lowest: number, highest: number): Limits {
  if (value < lowest || value > highest) return now;
  if ((limit === "min" && value > now.max) || (limit === "max" && value < now.min)) return now;
  return { ...now, [limit]: value };
}
