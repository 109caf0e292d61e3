import assert from "node:assert/strict";
import type { ScenarioSpec } from "../../examples/lab/builder";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { type CorePartitionArgs, corePartitionKind } from "../../provider/resources/core-partition";
import { hypervisorFeaturesKind } from "../../provider/resources/hypervisor-features";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

const RECORD = "/usr/share/acrn/scenario.xml";

function cell(dialect: "2.x" | "3.x", more: ScenarioSpec["vms"] = []): MemoryHost {
  const vms: ScenarioSpec["vms"] = [
    { kind: "service", cpus: [0, 1] },
    { kind: "post-rt", name: "RT", cpus: [3] },
    { kind: "post", name: "STD", cpus: [1, 2] },
    ...more,
  ];
  const scenario: ScenarioSpec = { name: "s", dialect, board: "b", vms };
  const board = { name: "b", dialect, pCores: 8, l3: { ways: 12, cat: true } };
  const memory = new MemoryHost({
    ...identity("corner"),
    board,
    scenario,
    acrnVersion: dialect === "3.x" ? "3.3" : "2.7",
  });
  for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
  return memory;
}

/** The packaged record is a link: its text lies elsewhere. */
function edit(memory: MemoryHost, change: (text: string) => string): void {
  const path = memory.snapshot().files.get(RECORD)?.realPath as string;
  const before = memory.files.get(path) as string;
  assert.notEqual(change(before), before, "the edit hits something");
  memory.put(path, change(before));
}

const plan = (memory: MemoryHost, args: Partial<CorePartitionArgs>, stack = "s") =>
  planResource(
    memory.draft(),
    corePartitionKind,
    { stack, kind: "CorePartition", urns: [`urn:${stack}`] },
    { vms: { RT: [2, 3] }, neighbours: "evict", ...args },
    `id of ${stack}`,
  );

function giveAllBack(memory: MemoryHost): void {
  const draft = memory.draft();
  memory.apply(planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf));
}

describe("CorePartition: names of 2.x VMs", () => {
  for (const name of ["A]B", "a/b", "two words", "constructor", "]/x"])
    it(`${JSON.stringify(name)} is a name like others`, () => {
      const memory = cell("2.x");
      edit(memory, (text) => text.replace("<name>STD<", `<name>${name}<`));
      const before = memory.image();
      const vms = { [name]: [2] };
      const first = plan(memory, { vms });
      assert.deepEqual(first.refusals, []);
      memory.apply(first);
      assert.deepEqual(plan(memory, { vms }).lines, []);
      giveAllBack(memory);
      assert.equal(memory.image(), before);
    });
});

describe("CorePartition: no evidence is unknown", () => {
  it("of a VM that the scenario lacks", () => {
    const [pending] = plan(cell("3.x"), { vms: { NEW: [5] } }).pending;
    assert.deepEqual([pending?.state, pending?.needs], ["unknown", []]);
    assert.match(pending?.evidence ?? "", /has no such VM/);
  });

  it("of a VM without a name, whose acrn-dm could be any", () => {
    const memory = cell("2.x");
    edit(memory, (text) => text.replace(/\s*<name>STD<\/name>/, ""));
    // The packaged sums are of the record as it was.
    const sums = "/var/lib/dpkg/info/acrn-hypervisor.md5sums";
    const { files, texts } = memory.snapshot();
    const record = files.get(RECORD)?.realPath as string;
    memory.put(
      sums,
      memory.files.get(sums)?.replace(/^\w+(?=\s+\S+scenario\.xml$)/m, texts.get(`md5:${record}`) as string),
    );
    const [pending] = plan(memory, { vms: { "#2": [1, 2] } }).pending;
    assert.deepEqual([pending?.built, pending?.state], ["1-2", "unknown"]);
    assert.match(pending?.evidence ?? "", /#2 has no name/);
  });
});

describe("CorePartition: what an update gives back", () => {
  it("is refused where it would put a VM on a pCPU that another stack holds", () => {
    const memory = cell("3.x");
    memory.apply(plan(memory, { vms: { RT: [4] } }));
    const theirs = plan(memory, { vms: { NEW: [3] } }, "t");
    assert.deepEqual(theirs.refusals, []);
    memory.apply(theirs);
    const { refusals } = plan(memory, { vms: { OTHER: [6] } });
    assert.deepEqual(
      refusals.map((r) => r.code),
      ["core.given-back"],
    );
    assert.match(refusals[0]?.message ?? "", /would put RT on pCPU 3, which another claim holds for NEW alone/);
  });

  it("may go where only this resource itself was", () => {
    const memory = cell("3.x");
    memory.apply(plan(memory, { vms: { RT: [4] } }));
    assert.deepEqual(plan(memory, { vms: { STD: [4] } }).refusals, []);
  });
});

describe("CorePartition: an image that was built from the source", () => {
  it("brings nothing to follow, also after the next change, and all goes back to what was before us", () => {
    const memory = cell("3.x");
    const files = [...memory.files.keys()].sort();
    memory.apply(plan(memory, {}));
    edit(memory, () => memory.files.get(SOURCE_PATH) as string);
    assert.deepEqual(plan(memory, {}).lines, []);
    memory.apply(plan(memory, { vms: { RT: [5] } }));
    assert.deepEqual(plan(memory, { vms: { RT: [5] } }).lines, []);
    giveAllBack(memory);
    assert.deepEqual([...memory.files.keys()].sort(), files);
  });
});

describe("CorePartition: gives nothing back that noop forbids", () => {
  /** RT and STD share pCPU 2 until the partition parts them. */
  function parted(): MemoryHost {
    const memory = cell("3.x");
    edit(memory, (text) => text.replace("<pcpu_id>3<", "<pcpu_id>2<"));
    memory.apply(plan(memory, { vms: { RT: [3] } }));
    return memory;
  }

  function withScheduler(memory: MemoryHost, scheduler: "noop" | "bvt"): void {
    const who = { stack: "s", kind: "HypervisorFeatures", urns: ["urn:features"] };
    const args = hypervisorFeaturesKind.schema.parse({ scheduler });
    const planned = planResource(memory.draft(), hypervisorFeaturesKind, who, args, "features");
    assert.deepEqual(planned.refusals, []);
    memory.apply(planned);
  }

  const withdrawal = (memory: MemoryHost, ...kinds: string[]) =>
    planWithdrawal(
      memory.draft(),
      Object.values(memory.draft().ledger.owners).filter(({ kind }) => kinds.includes(kind)),
      kindOf,
    ).refusals.map(({ code }) => code);

  it("refused alone, not with the claim on the scheduler, not under another one", () => {
    const memory = parted();
    assert.deepEqual(withdrawal(memory, "CorePartition"), []);
    withScheduler(memory, "noop");
    assert.deepEqual(withdrawal(memory, "CorePartition"), ["core.noop-shared"]);
    assert.deepEqual(withdrawal(memory, "CorePartition", "HypervisorFeatures"), []);
    withScheduler(memory, "bvt");
    assert.deepEqual(withdrawal(memory, "CorePartition"), []);
  });
});
