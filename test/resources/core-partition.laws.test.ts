import assert from "node:assert/strict";
import fc from "fast-check";
import { type HostTreeSpec, layOut } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { AcrnError } from "../../provider/core/errors";
import { isEmpty } from "../../provider/core/plan/types";
import { type CorePartitionArgs, corePartitionKind } from "../../provider/resources/core-partition";
import { kindOf } from "../../provider/resources/kinds";
import { host } from "../support/arbitraries";
import { identity, MemoryHost } from "../support/memory-host";

const who = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };

/** Hosts without launch scripts (their numbers would refuse most moves) and arguments that have a chance. */
const cell = host({ textOnly: false, dialect: "3.x", version: "3.3" }).chain(({ board, scenario }) => {
  const cpus = layOut(board).threads.length;
  const names = scenario.vms.flatMap((vm, id) => (vm.kind === "service" ? [] : [vm.name ?? `#${id}`]));
  const wish = fc.oneof(
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(Math.max(cpus - 1, 0)), { minLength: 1, maxLength: 3 }) },
    { weight: 4, arbitrary: fc.record({ cores: fc.constant(1) }) },
  );
  const vms = fc.dictionary(fc.constantFrom(...names, "NEW_VM"), wish, { minKeys: 1, maxKeys: 2 });
  const tree: HostTreeSpec = { ...identity("law"), board, scenario, acrnVersion: "3.3" };
  return fc.record({
    tree: fc.constant(tree),
    vms: vms.map((map) => ({ ...map })),
    neighbours: fc.constantFrom("refuse" as const, "evict" as const),
    named: fc.constant<string[]>(["Service VM", ...names]),
  });
});

function plan(memory: MemoryHost, args: CorePartitionArgs): Planned | undefined {
  try {
    const planned = planResource(memory.draft(), corePartitionKind, who, args, "id1");
    return planned.refusals.length > 0 ? undefined : planned;
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}

function without(memory: MemoryHost): void {
  for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
}

describe("CorePartition: laws over built hosts", () => {
  let planned = 0;

  it("apply, then plan again is empty; withdrawn, every byte is back; the same inputs give the same plan", () => {
    fc.assert(
      fc.property(cell, ({ tree, vms, neighbours, named }) => {
        const memory = new MemoryHost(tree);
        without(memory);
        const before = memory.image();
        const args: CorePartitionArgs = { vms, neighbours, sharing: { smt: named, l2: named } };
        const first = plan(memory, args);
        if (!first) return;
        planned++;
        const reversed = Object.fromEntries(Object.entries(vms).reverse());
        assert.deepEqual(plan(memory, { ...args, vms: reversed })?.lines, first.lines);
        assert.equal(memory.image(), before, "planning changes nothing");
        memory.apply(first);
        const again = plan(memory, args);
        assert.ok(again && isEmpty(again.plan), `second plan: ${again?.lines.join("; ")}`);
        assert.deepEqual(again.outputs, first.outputs);
        const owners = Object.values(memory.draft().ledger.owners);
        memory.apply(planWithdrawal(memory.draft(), owners, kindOf));
        assert.equal(memory.image(), before);
      }),
      { numRuns: 300 },
    );
    assert.ok(planned > 40, `only ${planned} of the cases had a plan: the law was hardly asked`);
  });

  it("a drifted field is mended, and what was drifted is no reason to keep anything at the withdrawal of the rest", () => {
    fc.assert(
      fc.property(cell, ({ tree, vms, named }) => {
        const memory = new MemoryHost(tree);
        without(memory);
        const before = memory.image();
        const args: CorePartitionArgs = { vms, neighbours: "evict", sharing: { smt: named, l2: named } };
        const first = plan(memory, args);
        const file = first?.plan.files[0];
        if (!first || !file?.after) return;
        memory.apply(first);
        // By hand: back to what the record says.
        memory.put(file.path, memory.files.get("/usr/share/acrn/scenario.xml") ?? file.origin?.text);
        const mended = plan(memory, args);
        assert.deepEqual(
          mended?.plan.edits.map((e) => e.field),
          first.plan.edits.map((e) => e.field),
        );
        memory.apply(mended as Planned);
        memory.apply(planWithdrawal(memory.draft(), Object.values(memory.draft().ledger.owners), kindOf));
        assert.equal(memory.image(), before);
      }),
      { numRuns: 150 },
    );
  });
});
