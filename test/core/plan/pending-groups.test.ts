import assert from "node:assert/strict";
import fc from "fast-check";
import { grouped, ungrouped } from "../../../provider/core/plan/pending-groups";

const install = [{ act: "hypervisor-install", target: "host" }];
const row = (field: string, more: object = {}) => ({
  field,
  state: "pending",
  written: "2",
  evidence: "it is off; the image is old",
  needs: install,
  ...more,
});

const evidence = fc
  .array(fc.constantFrom("off", "pid 7", "", "image"), { maxLength: 3 })
  .map((parts) => parts.join("; "));
const rows = fc.array(
  fc.record(
    {
      field: fc.constantFrom("a", "b", "c", "__proto__"),
      state: fc.constantFrom("active", "pending"),
      written: fc.constantFrom("1", "2"),
      running: fc.constantFrom("1", "2"),
      evidence,
      needs: fc.constantFrom([], install),
    },
    { requiredKeys: ["field", "state", "needs"] },
  ),
  { maxLength: 6 },
);

describe("plan: pending in groups", () => {
  it("says once what all fields share, evidence part by part", () => {
    const own = row("b", { written: "3", evidence: "pid 7; the image is old" });
    assert.deepEqual(grouped([row("a"), own, row("c", { state: "active", needs: [] })]), [
      {
        state: "pending",
        needs: install,
        evidenceOfAll: "the image is old",
        fields: { a: { written: "2", evidence: "it is off" }, b: { written: "3", evidence: "pid 7" } },
      },
      { state: "active", written: "2", needs: [], evidenceOfAll: "it is off; the image is old", fields: { c: {} } },
    ]);
  });

  it("gives back every row", () => {
    const sorted = (list: unknown) =>
      (list as object[]).map((each) => JSON.stringify(Object.entries(each).sort())).sort();
    fc.assert(fc.property(rows, (list) => assert.deepEqual(sorted(ungrouped(grouped(list))), sorted(list))));
  });

  it("leaves the rows of an older state, and what is no list", () => {
    assert.deepEqual(ungrouped([row("a")]), [row("a")]);
    assert.deepEqual([ungrouped(undefined), ungrouped("x"), ungrouped([7])], [undefined, "x", [7]]);
  });
});
