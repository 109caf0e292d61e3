import assert from "node:assert/strict";
import fc from "fast-check";
import { wholeSurface } from "../../../provider/core/claims/whole-surface";

const { read, write, restore, takes, sameFields, show } = wholeSurface;
const FILE = "/x.sh";
const KEY = "whole";

describe("a file that is one field", () => {
  it("what is written reads back, and what was there comes back byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary", minLength: 1 }), (before, after) => {
        const was = read(before, FILE, KEY);
        const text = write(before, FILE, KEY, after);
        const now = read(text, FILE, KEY);
        assert.deepEqual(now, { kind: "value", value: after, raw: after });
        assert.equal(restore(text, FILE, KEY, was.kind === "value" ? was.raw : undefined), before);
        assert.equal(write(text, FILE, KEY, after), text);
        assert.ok(now.kind === "value" && takes(KEY, now.value, now.raw));
      }),
    );
  });

  it("no file and an empty one are the same: absent", () => {
    assert.deepEqual(read("", FILE, KEY), { kind: "absent" });
    assert.equal(write("x", FILE, KEY, null), "");
    assert.equal(restore("x", FILE, KEY, undefined), "");
  });

  it("a ledger may hold texts, and for a text its own source", () => {
    const rows: [value: never, raw: string | undefined, taken: boolean][] = [
      ["x" as never, "x", true],
      ["x" as never, undefined, true],
      ["x" as never, "y", false],
      [null as never, undefined, true],
      [1 as never, undefined, false],
      [["x"] as never, undefined, false],
    ];
    for (const [value, raw, taken] of rows) assert.equal(takes(KEY, value, raw), taken, JSON.stringify([value, raw]));
  });

  it("is shown short, and another text is shown otherwise", () => {
    assert.match(show("a\nb\n"), /^2 lines #[0-9a-f]{16}$/);
    assert.match(show("a"), /^1 line #/);
    assert.equal(show(null), "(absent)");
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => assert.equal(show(a) === show(b), a === b)));
  });

  it("white space counts", () =>
    assert.deepEqual([sameFields("a", "a", FILE), sameFields("a", "a ", FILE)], [true, false]));
});
