import assert from "node:assert/strict";
import { planResource } from "../../provider/converge/plan-resource";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { cell, plan } from "./cache-clos.world";

const who = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
const CLASSES = {
  "3.x": { rt: { vms: { RT: "all" }, l2: 4, l3: 4 } },
  "2.x": { rt: { vms: { RT: "all" }, l2: 4, l3: 4 } },
};
const BOARD = { pCores: 8, l2: { ways: 12, cat: true }, l3: { ways: 12, cat: true } };
const RDT = { "3.x": { enabled: true }, "2.x": { enabled: true, masks: ["0xfff"] } };

/** What a partition that takes a pCPU from STD warns of cache classes. */
function warned(memory: ReturnType<typeof cell>): string[] {
  const args = corePartitionKind.schema.parse({ vms: { RT: [2, 3, 4] }, neighbours: "evict" });
  const { warnings } = planResource(memory.draft(), corePartitionKind, who, args, "id1");
  return warnings.filter((line) => /^T04: RDT is enabled|vcpu_clos rows/.test(line));
}

describe("CorePartition and cache classes", () => {
  for (const dialect of ["3.x", "2.x"] as const)
    it(`${dialect}: classes that nobody declares have to follow, and that is said; those of a CacheClos do`, () => {
      const vms = [
        { kind: "service" as const, name: "SVM", cpus: [0, 1] },
        { kind: "post-rt" as const, name: "RT", cpus: [2, 3] },
        { kind: "post" as const, name: "STD", cpus: [4, 5] },
      ];
      const memory = cell({ dialect, board: BOARD, scenario: { vms, rdt: RDT[dialect] } });
      for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
      const alone = warned(memory);
      assert.equal(
        alone.some((line) => /vcpu_clos rows for 3 pCPUs.* CacheClos, which writes them$/.test(line)),
        dialect === "2.x",
      );
      assert.ok(alone.some((line) => line.startsWith("T04")));
      const classes = plan(memory, { classes: CLASSES[dialect] });
      assert.deepEqual(classes.refusals, []);
      memory.apply(classes);
      assert.deepEqual(warned(memory), []);
    });
});
