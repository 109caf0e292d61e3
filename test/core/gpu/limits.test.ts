import assert from "node:assert/strict";
import { type LimitWishes, limitRules, wantedLimits } from "../../../provider/core/gpu/limits";
import type { Gpu, Limits } from "../../../provider/core/gpu/read";

const GPU: Gpu = {
  address: "0000:00:02.0",
  card: "card0",
  now: { min: 300, max: 1300, boost: 1300 },
  lowest: 317,
  highest: 1333,
  efficient: 483,
};

describe("gpu: which limits are meant", () => {
  const rows: [LimitWishes, lowest: number | undefined, Partial<Limits>][] = [
    [{ max: "lowest" }, 300, { max: 300, boost: 300, min: 300 }],
    [{ max: 600 }, 300, { max: 600, boost: 600, min: 300 }],
    [{ max: 600, boost: 900, min: 600 }, 300, { max: 600, boost: 900, min: 600 }],
    [{ max: 600, boost: "lowest" }, 300, { max: 600, boost: 300, min: 300 }],
    [{ max: 600 }, undefined, { max: 600, boost: 600 }],
    [{ max: "lowest", min: 300 }, undefined, { min: 300 }],
  ];
  for (const [wishes, lowest, limits] of rows)
    it(`${JSON.stringify(wishes)}, lowest ${lowest}`, () => assert.deepEqual(wantedLimits(wishes, lowest), limits));
});

describe("gpu: what i915 would not take", () => {
  const rows: [Limits, codes: string[]][] = [
    [{ min: 350, max: 600, boost: 600 }, []],
    [{ min: 317, max: 483, boost: 1333 }, []],
    [{ min: 300, max: 600, boost: 600 }, ["gpu.range min"]],
    [{ min: 350, max: 1350, boost: 1350 }, ["gpu.range max", "gpu.range boost"]],
    [{ min: 350, max: 610, boost: 600 }, ["gpu.step max"]],
    [{ min: 320, max: 600, boost: 600 }, ["gpu.step min"]],
    [{ min: 650, max: 600, boost: 600 }, ["gpu.order min"]],
  ];
  for (const [limits, codes] of rows)
    it(JSON.stringify(limits), () =>
      assert.deepEqual(
        limitRules(limits, GPU).map(({ code, property }) => `${code} ${property}`),
        codes,
      ),
    );

  it("says what it takes instead, inside the range", () => {
    const hint = (max: number) => limitRules({ min: 317, max, boost: 400 }, GPU)[0]?.hint;
    assert.equal(hint(610), "Take 600 or 650. It goes from 317 to 1333 MHz.");
    assert.equal(hint(1310), "Take 1300 or 1333. It goes from 317 to 1333 MHz.");
  });

  it("asks nothing of hardware that nobody knows, but the order", () => {
    assert.deepEqual(limitRules({ min: 1, max: 9_999, boost: 7 }, undefined), []);
    assert.equal(limitRules({ min: 2, max: 1, boost: 1 }, undefined).length, 1);
  });
});
