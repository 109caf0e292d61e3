import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { formatCpuList, MAX_CPU_ID, parseCpuList } from "../../../provider/core/hardware/cpu-set";

describe("cpu sets", () => {
  const lists: [ids: number[], text: string][] = [
    [[], ""],
    [[0], "0"],
    [[1, 2], "1-2"],
    [[1, 2, 3, 5], "1-3,5"],
    [[0, 2, 4], "0,2,4"],
    [[4094, 4095], "4094-4095"],
  ];
  for (const [ids, text] of lists)
    it(`[${ids}] <=> "${text}"`, () => {
      assert.equal(formatCpuList(ids), text);
      assert.deepEqual(parseCpuList(text), ids);
    });

  const accepted: [text: string, ids: number[]][] = [
    ["2-3\n", [2, 3]],
    ["\n", []],
    ["5,1", [1, 5]],
    ["1-3,2-4", [1, 2, 3, 4]],
    ["007", [7]],
  ];
  for (const [text, ids] of accepted)
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseCpuList(text), ids));

  const refused: [text: string, reason: RegExp][] = [
    ["4-N", /"4-N" is neither a number nor a range/],
    ["all", /neither a number nor a range/],
    ["1,,2", /an item is empty/],
    [",", /an item is empty/],
    ["1,", /an item is empty/],
    ["\n\n", /neither/],
    ["3-1", /"3-1" runs backwards/],
    ["4096", /4096 is above 4095/],
    ["0-99999999", /99999999 is above 4095/],
    ["1 ,2", /neither/],
    ["-1", /neither/],
    ["1-2-3", /neither/],
    ["0-7:1/2", /neither/],
    ["0x3", /neither/],
    ["1\u0000", /neither/],
  ];
  for (const [text, reason] of refused)
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseCpuList(text, "isolcpus"),
        (error) =>
          error instanceof AcrnError &&
          error.code === "cpu-list.syntax" &&
          error.message.startsWith("isolcpus ") &&
          reason.test(error.message) &&
          error.hint !== undefined,
      );
    });

  it("shows a long or binary text short and escaped", () => {
    const error = assertThrows(() => parseCpuList(`\u001b[31m${"x".repeat(10000)}`));
    assert.ok(error.message.length < 400);
    assert.ok(!error.message.includes("\u001b"));
  });

  const ids = fc.array(fc.oneof(fc.nat(8), fc.integer({ min: 0, max: MAX_CPU_ID })));
  it("any set survives the round trip, sorted and without repetition", () => {
    fc.assert(
      fc.property(ids, (set) => {
        const expected = [...new Set(set)].sort((a, b) => a - b);
        assert.deepEqual(parseCpuList(formatCpuList(set)), expected);
      }),
    );
  });

  it("no two items of a written list touch", () => {
    fc.assert(
      fc.property(ids, (set) => {
        const items = formatCpuList(set).split(",").filter(Boolean);
        const bounds = items.map((item) => item.split("-").map(Number));
        for (let at = 1; at < bounds.length; at++)
          assert.ok((bounds[at]?.[0] ?? 0) > (bounds[at - 1]?.at(-1) ?? 0) + 1, items.join(","));
      }),
    );
  });

  it("any text is read or refused by AcrnError, and what is read can be written and read again", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9,N\- \n]{0,12}$/));
    fc.assert(
      fc.property(text, (list) => {
        try {
          const read = parseCpuList(list);
          assert.deepEqual(parseCpuList(formatCpuList(read)), read);
        } catch (error) {
          if (!(error instanceof AcrnError)) throw error;
        }
      }),
    );
  });

  for (const bad of [-1, 1.5, Number.NaN, MAX_CPU_ID + 1])
    it(`writing ${bad} is a bug`, () => assert.throws(() => formatCpuList([bad]), RangeError));
});

function assertThrows(run: () => unknown): AcrnError {
  try {
    run();
  } catch (error) {
    if (error instanceof AcrnError) return error;
  }
  throw new Error("no AcrnError");
}
