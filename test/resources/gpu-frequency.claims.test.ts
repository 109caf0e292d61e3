import assert from "node:assert/strict";
import { claimsOf } from "../../sdk/cli/inspect/claims";
import { cell, plan, RULES, setBy, unbind } from "./gpu-frequency.support";

describe("GpuFrequency: on the command line", () => {
  const claims = (change: (memory: ReturnType<typeof cell>) => void = () => {}) => {
    const memory = cell();
    memory.apply(plan(memory, { max: 600 }));
    change(memory);
    const [stack] = claimsOf(memory.snapshot(), memory.settings);
    return stack?.owners[0]?.fields.map(({ field, value, baseline, live, state }) =>
      [
        field.startsWith("gpu") ? field.split(" ")[1] : "rules",
        field.startsWith("gpu") ? value : "",
        baseline,
        live && state,
      ].join(" "),
    );
  };

  it("each limit with what it was before", () =>
    assert.deepEqual(claims(), [
      "rules  (absent) held",
      "boost 600 MHz 1300 MHz held",
      "max 600 MHz 1300 MHz held",
      "min 300 MHz 300 MHz held",
    ]));

  it("one that somebody changed, rules that are gone, a GPU that is", () => {
    assert.equal(claims((memory) => setBy(memory, "max", 900))?.[2], "max 600 MHz 1300 MHz drifted");
    assert.equal(claims((memory) => memory.put(RULES, undefined))?.[0], "rules  (absent) drifted");
    assert.equal(claims(unbind)?.[3], "min 300 MHz 300 MHz ");
  });
});
