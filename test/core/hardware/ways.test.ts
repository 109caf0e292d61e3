import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countWays,
  formatBytes,
  formatMask,
  formatWays,
  fullMask,
  isContiguous,
  longestRun,
  overlap,
  parseBytes,
  parseMask,
  runMask,
  runsOf,
  union,
  wayBytes,
  without,
} from "../../../provider/core/hardware/ways";

const mask = fc.integer({ min: 0, max: 0xffffffff });

describe("cache ways: masks", () => {
  const texts: [string, number | undefined][] = [
    ["0", 0],
    ["0x0", 0],
    ["0xff0", 0xff0],
    ["0XFF0", 0xff0],
    ["0x000000000f", 0xf],
    ["0xffffffff", 0xffffffff],
    ["0x80000000", 0x80000000],
    ["0x100000000", undefined],
    ["ff", undefined],
    ["0x", 0],
    ["", undefined],
    ["0xfg", undefined],
    [" 0xf", undefined],
    ["-0x1", undefined],
  ];
  for (const [text, value] of texts) it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseMask(text), value));

  const ways: [number, string, boolean][] = [
    [0, "none", false],
    [0xf, "0-3", true],
    [0x80000000, "31", true],
    [0xffffffff, "0-31", true],
    [0xc06, "1-2,10-11", false],
    [0x80000001, "0,31", false],
  ];
  for (const [value, shown, run] of ways)
    it(`${formatMask(value)} is ${shown}`, () => {
      assert.equal(formatWays(value), shown);
      assert.equal(isContiguous(value), run);
    });

  it("are unsigned up to 32 ways, whatever is done with them", () =>
    fc.assert(
      fc.property(mask, mask, (a, b) => {
        for (const made of [overlap(a, b), union([a, b]), without(a, b)]) assert.ok(made >= 0 && made <= 0xffffffff);
        assert.equal(overlap(a, b) + without(a, b), a);
        assert.equal(parseMask(formatMask(a)), a);
        assert.equal(union(runsOf(a).map(({ first, count }) => runMask(first, count))), a);
        assert.equal(countWays(a) + countWays(without(fullMask(32), a)), 32);
      }),
    ));

  it("the longest run, of several the lowest", () => {
    assert.deepEqual(longestRun(0b1101100), { first: 2, count: 2 });
    assert.deepEqual(longestRun(0b1110110), { first: 4, count: 3 });
    assert.equal(longestRun(0), undefined);
  });
});

describe("cache ways: bytes", () => {
  const rows: [string, number | undefined][] = [
    ["512K", 524288],
    ["2M", 2097152],
    ["2MiB", 2097152],
    ["1kb", 1024],
    ["2G", undefined],
    ["512", undefined],
    ["0x2M", undefined],
  ];
  for (const [text, bytes] of rows) it(text, () => assert.equal(parseBytes(text), bytes));

  it("of a way, and for people", () => {
    const cat = { maskLength: 20, closNumber: 8 };
    assert.equal(wayBytes({ size: 1310720, cat }), 65536);
    assert.equal(wayBytes({ cat }), undefined);
    assert.deepEqual([1310720, 65536, 100, 1572864.4].map(formatBytes), ["1.25M", "64K", "100", "1.5M"]);
  });
});
