import assert from "node:assert/strict";
import fc from "fast-check";
import { pack, unpack } from "../../../provider/core/text/packed";

/** Everything of JSON but an object whose only key is the mark of a table or of a fact. */
const json = fc.jsonValue().filter((value) => !/"[#=]"/.test(JSON.stringify(value)));

const record = fc.record(
  {
    id: fc.nat(),
    apicId: fc.nat(),
    pcpus: fc.array(fc.nat()),
    type: fc.constantFrom("P", "E"),
    hex: fc.constantFrom("0x0", "0x1f", "0x1F", "0x01", "0x", "0xfffffffffffff"),
    fact: fc.record({
      known: fc.constantFrom(true, false),
      value: fc.jsonValue({ maxDepth: 1 }).filter((v) => !/"[#=]"/.test(JSON.stringify(v))),
    }),
    cat: fc.record({ ways: fc.nat() }),
    none: fc.constantFrom(null, -1, 0.5, true, []),
  },
  { requiredKeys: ["id", "type"] },
);

describe("text: packed", () => {
  it("gives back what was packed", () => {
    fc.assert(fc.property(json, (value) => assert.deepEqual(parsed(unpack(pack(value))), parsed(value))));
    fc.assert(fc.property(fc.array(record), (value) => assert.deepEqual(parsed(unpack(pack(value))), parsed(value))));
  });

  it("leaves alone what was never packed: the states of older versions", () => {
    fc.assert(fc.property(json, (value) => assert.deepEqual(parsed(unpack(value)), parsed(value))));
  });

  it("makes the same of the same, and a table of cores from few bytes", () => {
    const cores = Array.from({ length: 32 }, (_, id) => ({ id, apicId: 2 * id, pcpus: [id, id + 32], type: "P" }));
    assert.deepEqual(pack({ cores }), {
      cores: {
        "#": [
          [
            32,
            {
              id: "0+1*32",
              apicId: "0+2*32",
              pcpus: ["2+0*32", cores.flatMap(({ pcpus }) => pcpus).join(" ")],
              type: { all: "P" },
            },
          ],
        ],
      },
    });
  });

  it("writes ids as numbers, values that repeat once, and a fact by its value", () => {
    const rows = ["service", "rt", "rt", "rt"].map((load, id) => ({ id: `0x${id.toString(16)}`, load }));
    const columns = {
      id: { hex: "0+1*4" },
      load: {
        runs: [
          [1, "service"],
          [3, "rt"],
        ],
      },
    };
    assert.deepEqual(pack({ known: true, value: rows }), { "=": { "#": [[4, columns]] } });
    assert.deepEqual(pack([{ id: "0x1F" }, { id: "0x1" }]), { "#": [[2, { id: { each: ["0x1F", "0x1"] } }]] });
  });

  for (const [numbers, runs] of [
    [[], ""],
    [[7], "7"],
    [[7, 9], "7 9"],
    [[7, 9, 11], "7+2*3"],
    [[3, 2, 1], "3 2 1"],
    [[5, 5, 5, 6, 7, 8], "5+0*3 6+1*3"],
  ] as const)
    it(`writes ${JSON.stringify(numbers)} as ${JSON.stringify(runs)}`, () => {
      const rows = [{ list: numbers }, { list: [] }];
      assert.deepEqual(pack(rows), { "#": [[2, { list: [`${numbers.length} 0`, runs] }]] });
      assert.deepEqual(unpack(pack(rows)), rows);
    });
});

/** Without -0, which JSON does not know. */
function parsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
