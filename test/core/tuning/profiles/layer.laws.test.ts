import assert from "node:assert/strict";
import fc from "fast-check";
import { EMPTY, type Layer, layerOf, merge, type Said } from "../../../../provider/core/tuning/profiles/layer";
import { WHATS } from "../../../../provider/core/tuning/profiles/types";

const said = (from: string): fc.Arbitrary<Said> =>
  fc.record({
    what: fc.constantFrom(...WHATS),
    key: fc.constantFrom("a", "b", "c", "d"),
    value: fc.oneof(
      fc.constantFrom("1", "2"),
      fc.constant(true as const),
      fc.constant(null),
      fc.constant(false as const),
    ),
    reason: fc.constant(""),
    source: fc.constant(""),
    from: fc.constant(from),
    over: fc.constant([]),
  });

const layer = (from: string): fc.Arbitrary<Layer> => fc.array(said(from), { maxLength: 8 }).map(layerOf);

const shown = (each: Layer) => [...each];

describe("laws of layers", () => {
  it("putting together is associative, in order and memory too", () => {
    fc.assert(
      fc.property(layer("a"), layer("b"), layer("c"), (a, b, c) => {
        assert.deepEqual(shown(merge(merge(a, b), c)), shown(merge(a, merge(b, c))));
      }),
    );
  });

  it("the empty layer is its unit", () => {
    fc.assert(
      fc.property(layer("a"), (a) => {
        assert.deepEqual(shown(merge(EMPTY, a)), shown(a));
        assert.deepEqual(shown(merge(a, EMPTY)), shown(a));
      }),
    );
  });

  it("the upper value counts, nothing of the lower is lost, and its order stays", () => {
    fc.assert(
      fc.property(layer("a"), layer("b"), (a, b) => {
        const both = merge(a, b);
        assert.deepEqual([...both.keys()], [...new Set([...a.keys(), ...b.keys()])]);
        for (const [id, each] of both) {
          assert.equal(each.value, (b.get(id) ?? a.get(id))?.value);
          const told = [each.value, ...each.over.map(({ value }) => value)];
          for (const one of [a.get(id), b.get(id)]) if (one) assert.ok(told.includes(one.value));
        }
      }),
    );
  });
});
