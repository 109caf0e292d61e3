import assert from "node:assert/strict";
import { pack } from "../../provider/core/text/packed";
import { factsResource } from "../../provider/lifecycle/facts";

const known = (value: unknown) => ({ known: true, value });
const FACTS = {
  machine: "m",
  acrnVersion: known("3.3"),
  pcpus: known([{ id: 0 }, { id: 1 }]),
  runningVms: known(["RT"]),
  built: known("/boot/acrn-3.3.bin is the packaged image"),
};
const bag = (facts: Record<string, unknown>, shown = "as people see it") => ({ facts: [shown], __facts: pack(facts) });

describe("lifecycle: HostFacts", () => {
  const ROWS: [what: string, news: Record<string, unknown>, changes: boolean][] = [
    ["the same", FACTS, false],
    ["an Activation has booted another image", { ...FACTS, built: known("image 0123456789abcdef was booted") }, false],
    ["an Activation has started a VM", { ...FACTS, runningVms: known(["RT", "TWO"]) }, false],
    ["what runs is not known any more", { ...FACTS, built: { known: false, why: "newer than this boot" } }, false],
    ["another version", { ...FACTS, acrnVersion: known("3.2") }, true],
    ["a pCPU less", { ...FACTS, pcpus: known([{ id: 0 }]) }, true],
  ];
  for (const [what, news, changes] of ROWS)
    it(`${what}: ${changes ? "a change" : "none"}`, async () => {
      const { changes: found } = await factsResource.diff("id", bag(FACTS), bag(news, "otherwise"));
      assert.equal(found, changes);
    });

  it("of an older version's state, which has them unpacked", async () => {
    const { changes } = await factsResource.diff("id", { facts: [], __facts: FACTS }, bag(FACTS));
    assert.equal(changes, false);
  });
});
