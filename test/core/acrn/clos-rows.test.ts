import assert from "node:assert/strict";
import { buildScenario, type ScenarioSpec } from "../../../examples/lab/builder";
import { closRowWarnings } from "../../../provider/core/acrn/clos-rows";

const scenario = (dialect: "2.x" | "3.x", enabled: boolean): string => {
  const spec: ScenarioSpec = {
    name: "s",
    dialect,
    board: "b",
    rdt: { enabled },
    vms: [
      { kind: "service", cpus: [0] },
      { kind: "post-rt", name: "RT", cpus: [2, 3] },
    ],
  };
  return buildScenario(spec);
};

describe("2.x: a row of <clos> for each pCPU", () => {
  const ROWS: [what: string, text: string, vm: string, pcpus: number[], said: RegExp | undefined][] = [
    ["as many as before", scenario("2.x", true), "RT", [1, 3], undefined],
    [
      "fewer",
      scenario("2.x", true),
      "RT",
      [3],
      /^T15: RT has 2 vcpu_clos rows for 1 pCPUs, .* ACRN 2\.x refuses .* 1 rows/,
    ],
    ["more", scenario("2.x", true), "RT", [1, 2, 3], /has 2 vcpu_clos rows for 3 pCPUs/],
    [
      "none at all",
      scenario("2.x", true).replace(/<clos>[\s\S]*?<\/clos>/g, ""),
      "RT",
      [2, 3],
      /has 0 vcpu_clos rows for 2/,
    ],
    ["RDT is off", scenario("2.x", false), "RT", [3], undefined],
    ["3.x has no such rows", scenario("3.x", true), "RT", [3], undefined],
    ["a VM that is not there yet", scenario("2.x", true), "NEW", [3], undefined],
  ];
  for (const [what, text, vm, pcpus, said] of ROWS)
    it(`${what}: ${said ? "said" : "nothing is said"}`, () => {
      const [warning, ...more] = closRowWarnings({ text, file: "s.xml" }, [{ vm, pcpus }]);
      assert.deepEqual(more, []);
      if (said) assert.match(warning ?? "", said);
      else assert.equal(warning, undefined);
    });
});
