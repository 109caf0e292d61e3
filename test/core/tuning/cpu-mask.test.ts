import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_CPU_ID } from "../../../provider/core/hardware/cpu-set";
import { formatCpuMask, parseCpuMask, sameCpuMask } from "../../../provider/core/tuning/cpu-mask";

const cpus = fc.uniqueArray(fc.integer({ min: 0, max: MAX_CPU_ID }), { maxLength: 40 });

/** A plain model: one bit after the other, into groups of 32. */
function model(ids: readonly number[]): string {
  const words = Math.floor(Math.max(0, ...ids) / 32) + 1;
  return Array.from({ length: words }, (_, word) => {
    const bits = ids.filter((id) => Math.floor(id / 32) === word).map((id) => 2 ** (id % 32));
    const hex = bits.reduce((sum, bit) => sum + bit, 0).toString(16);
    return word === words - 1 ? hex : hex.padStart(8, "0");
  })
    .reverse()
    .join(",");
}

describe("CPU masks", () => {
  const rows: [number[], string][] = [
    [[], "0"],
    [[0], "1"],
    [[0, 1], "3"],
    [[1, 2, 3], "e"],
    [[31], "80000000"],
    [[32], "1,00000000"],
    [[0, 33], "2,00000001"],
    [[64], "1,00000000,00000000"],
  ];
  for (const [ids, mask] of rows) it(`${JSON.stringify(ids)} is ${mask}`, () => assert.equal(formatCpuMask(ids), mask));

  it("as the plain model says, and back", () => {
    fc.assert(
      fc.property(cpus, (ids) => {
        assert.equal(formatCpuMask(ids), model(ids));
        assert.deepEqual(
          parseCpuMask(formatCpuMask(ids)),
          [...ids].sort((a, b) => a - b),
        );
      }),
    );
  });

  const read: [string, number[]][] = [
    ["0f\n", [0, 1, 2, 3]],
    ["00000000,00000003\n", [0, 1]],
    // lib/bitmap.c: behind a comma a group is 32 bits, however few digits it has
    ["1,3", [0, 1, 32]],
    ["FF", [0, 1, 2, 3, 4, 5, 6, 7]],
  ];
  for (const [text, ids] of read) it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseCpuMask(text), ids));

  for (const text of ["", ",", "1,", "0x3", "g", "123456789", "3 ", "1,,2"])
    it(`${JSON.stringify(text)} is none`, () => assert.throws(() => parseCpuMask(text), { code: "cpu-mask.syntax" }));

  it("the same CPUs, however the kernel pads them", () => {
    assert.ok(sameCpuMask("3", "00000000,00000003\n"));
    assert.ok(!sameCpuMask("3", "3,00000000"));
  });

  it("a CPU that no kernel has is a bug, or a bad file", () => {
    assert.throws(() => formatCpuMask([-1]), RangeError);
    assert.throws(() => formatCpuMask([MAX_CPU_ID + 1]), RangeError);
    assert.throws(() => parseCpuMask(`1${",00000000".repeat(128)}`), { code: "cpu-mask.syntax" });
    assert.throws(() => parseCpuMask(`f${",ffffffff".repeat(100_000)}`), { code: "cpu-mask.syntax" });
    assert.deepEqual(parseCpuMask(`80000000${",00000000".repeat(127)}`), [MAX_CPU_ID]);
    assert.deepEqual(parseCpuMask(`${"00000000,".repeat(200)}2`), [1]);
  });
});
