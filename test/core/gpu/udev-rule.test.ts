import assert from "node:assert/strict";
import fc from "fast-check";
import type { Limits } from "../../../provider/core/gpu/read";
import { IN_ORDER, limitsOfRule, udevRule } from "../../../provider/core/gpu/udev-rule";

const [LOWEST, HIGHEST] = [300, 1300];
const mhz = fc.integer({ min: LOWEST / 50, max: HIGHEST / 50 }).map((steps) => steps * 50);
const limits = fc.tuple(mhz, mhz, mhz).map(([a, b, boost]) => ({ min: Math.min(a, b), max: Math.max(a, b), boost }));

/** i915's own checks [v6.1 intel_rps.c]: what it refuses stays as it was. */
function write(now: Limits, limit: keyof Limits, value: number): Limits {
  if (value < LOWEST || value > HIGHEST) return now;
  if (limit === "max" && value < now.min) return now;
  if (limit === "min" && value > now.max) return now;
  return { ...now, [limit]: value };
}

describe("gpu: udev's rules", () => {
  it("are two, for the card and for the device behind it", () => {
    const [one, two, ...more] = udevRule("0000:00:02.0", { min: 300, max: 350, boost: 400 })
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(more, []);
    assert.equal(
      one,
      'ACTION=="add|change", SUBSYSTEM=="drm", KERNEL=="card[0-9]*", KERNELS=="0000:00:02.0", TEST=="gt_max_freq_mhz", ' +
        'ATTR{gt_min_freq_mhz}="300", ATTR{gt_max_freq_mhz}="350", ATTR{gt_min_freq_mhz}="300", ATTR{gt_boost_freq_mhz}="400"',
    );
    assert.match(two ?? "", /^ACTION=="add\|bind", SUBSYSTEM=="pci", KERNEL=="0000:00:02\.0"/);
    assert.equal(two?.match(/ATTR\{drm\/\*\/gt_/g)?.length, 4);
  });

  it("say what was meant", () =>
    fc.assert(fc.property(limits, (all) => assert.deepEqual(limitsOfRule(udevRule("0000:00:02.0", all)), all))));

  it("somebody else's say nothing", () => {
    assert.equal(limitsOfRule('ACTION=="add", KERNEL=="card0", ATTR{gt_max_freq_mhz}="350"\n'), undefined);
    assert.equal(limitsOfRule(""), undefined);
  });

  it("come from any limits to any others, in an order that i915 takes", () =>
    fc.assert(
      fc.property(limits, limits, (now, wanted) => {
        const after = IN_ORDER.reduce((all, limit) => write(all, limit, wanted[limit]), now);
        assert.deepEqual(after, wanted);
      }),
    ));
});
