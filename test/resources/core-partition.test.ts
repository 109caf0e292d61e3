import assert from "node:assert/strict";
import type { HostTreeSpec, ScenarioSpec } from "../../examples/lab/builder";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { type CorePartitionArgs, corePartitionKind } from "../../provider/resources/core-partition";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

const who = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
const theirs = { stack: "t", kind: "CorePartition", urns: ["urn:theirs"] };
const record = "/usr/share/acrn/scenario.xml";

function cell(dialect: "2.x" | "3.x" = "3.x", more: Partial<HostTreeSpec> = {}): MemoryHost {
  const scenario: ScenarioSpec = {
    name: "s",
    dialect,
    board: "b",
    vms: [
      { kind: "service", cpus: [0, 1] },
      { kind: "post-rt", name: "RT", cpus: [3] },
      { kind: "post", name: "STD", cpus: [1, 2] },
    ],
  };
  const board = { name: "b", dialect, pCores: 4, l3: { ways: 12, cat: true } };
  const acrnVersion = dialect === "3.x" ? "3.3" : "2.7";
  const memory = new MemoryHost({ ...identity(`cell ${dialect}`), board, scenario, acrnVersion, ...more });
  for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
  return memory;
}

const plan = (memory: MemoryHost, args: Partial<CorePartitionArgs>) =>
  planResource(memory.draft(), corePartitionKind, who, { vms: { RT: [2, 3] }, neighbours: "evict", ...args }, "id1");

describe("CorePartition: outputs", () => {
  it("are known from the plan, by VM", () => {
    const { outputs, lines } = plan(cell(), {});
    assert.deepEqual(outputs.pcpus, { RT: [2, 3] });
    assert.deepEqual(outputs.apicIds, { RT: [4, 6] });
    assert.deepEqual(outputs.vcpuMap, {
      RT: [
        { vcpu: 0, pcpu: 2, apicId: 4 },
        { vcpu: 1, pcpu: 3, apicId: 6 },
      ],
    });
    assert.deepEqual([outputs.rtCpus, outputs.housekeepingCpus], [{ RT: "1" }, { RT: "0" }]);
    assert.deepEqual(outputs.evicted, { STD: [1] });
    assert.deepEqual(lines, [
      "scenario vm[RT]/cpu_affinity: 3 => 2-3",
      "scenario vm[STD]/cpu_affinity: 1-2 => 1",
      `${SOURCE_PATH} is made from ${record}`,
    ]);
  });

  it("are the same in 2.x, where the Service VM's pCPUs are explicit", () => {
    const { lines, refusals } = plan(cell("2.x"), {});
    assert.deepEqual(refusals, []);
    assert.deepEqual(lines.slice(0, 2), [
      "scenario vm[RT]/cpu_affinity: 3 => 2-3",
      "scenario vm[STD]/cpu_affinity: 1-2 => 1",
    ]);
  });

  it("a VM that the scenario lacks is reserved for, and no file is made for that alone", () => {
    const vms = [
      { kind: "service" as const, cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [3] },
    ];
    const roomy = cell("3.x", { scenario: { name: "s", dialect: "3.x", board: "b", vms } });
    const { lines, plan: p } = plan(roomy, { vms: { NEW_RT: { cores: 1 } }, neighbours: "refuse" });
    assert.match(lines.join(), /^scenario vm\[NEW_RT\]\/cpu_affinity: reserves \d$/);
    assert.deepEqual(p.files, []);
  });

  it("an automatic choice keeps the pCPU that the VM has", () => {
    assert.deepEqual(plan(cell(), { vms: { RT: { cores: 1 } } }).outputs.pcpus, { RT: [3] });
  });
});

describe("CorePartition: arguments", () => {
  const bad: [string, unknown, RegExp][] = [
    ["no VM", { vms: {} }, /name at least one VM/],
    ["an empty list", { vms: { RT: [] } }, /pCPU|list/],
    ["a text for a list", { vms: { RT: "2-3" } }, /give a list of pCPU ids/],
    ["half a pCPU", { vms: { RT: [1.5] } }, /list of pCPU ids|int/],
    ["an unknown kind", { vms: { RT: { cores: 1, kind: "X" } } }, /give a list|kind/],
    ["an unknown argument", { vms: { RT: [1] }, neighbors: "evict" }, /neighbors/],
    ["an unknown answer", { vms: { RT: [1] }, neighbours: "kill" }, /refuse/],
  ];
  for (const [what, args, message] of bad)
    it(`refuses ${what}`, () => {
      const parsed = corePartitionKind.schema.safeParse(args);
      assert.ok(!parsed.success);
      assert.match(parsed.error.issues.map((i) => i.message).join("; "), message);
    });
});

describe("CorePartition: pending", () => {
  const states = (memory: MemoryHost, args: Partial<CorePartitionArgs> = {}) =>
    plan(memory, args).pending.map((p) => [
      p.field.slice("scenario vm".length),
      p.state,
      p.written,
      p.built,
      p.running,
    ]);

  it("what is not in the image is pending, and says what it takes", () => {
    const planned = plan(cell(), {});
    assert.deepEqual(states(cell()), [
      ["[RT]/cpu_affinity", "pending", "2-3", "3", "unknown"],
      ["[STD]/cpu_affinity", "pending", "1", "1-2", "(off)"],
    ]);
    assert.deepEqual(
      planned.plan.acts.map((a) => [a.act, a.target]),
      [
        ["hypervisor-install", "host"],
        ["host-reboot", "host"],
      ],
    );
  });

  it("without evidence it is unknown, never active", () => {
    const memory = cell();
    memory.put("/var/lib/dpkg/info/acrn-hypervisor.md5sums", undefined);
    assert.deepEqual(states(memory), [
      ["[RT]/cpu_affinity", "unknown", "2-3", "unknown", "unknown"],
      ["[STD]/cpu_affinity", "unknown", "1", "unknown", "unknown"],
    ]);
  });

  it("an RTVM without acrn-dm may be an orphan: unknown", () => {
    assert.deepEqual(states(cell(), { vms: { RT: [3] } }), [["[RT]/cpu_affinity", "unknown", "3", "3", "unknown"]]);
  });

  const running = (affinity: string) => {
    const memory = cell();
    const snapshot = memory.snapshot.bind(memory);
    memory.snapshot = () => {
      const s = snapshot();
      const texts = new Map(s.texts)
        .set("acrn-dm", "77")
        .set("proc/77/cmdline", `acrn-dm\u0000--cpu_affinity\u0000${affinity}\u0000RT\u0000`);
      return { ...s, texts };
    };
    return memory;
  };

  it("a running VM is asked by its own arguments, which are APIC ids", () => {
    assert.deepEqual(states(running("6"), { vms: { RT: [3] } }), [["[RT]/cpu_affinity", "active", "3", "3", "3"]]);
    const other = plan(running("4"), { vms: { RT: [3] } });
    assert.deepEqual(
      other.pending.map((p) => [p.state, p.running]),
      [["pending", "2"]],
    );
    assert.deepEqual(
      other.plan.acts.map((a) => [a.act, a.target]),
      [["rtvm-power-cycle", "RT"]],
    );
  });

  it("what is not in the image runs as it was launched, or is off: never as the image alone would have it", () => {
    const planned = plan(running("4"), {});
    assert.deepEqual(
      planned.pending.map((p) => [p.state, p.built, p.running]),
      [
        ["pending", "3", "2"],
        ["pending", "1-2", "(off)"],
      ],
    );
    assert.match(planned.pending[0]?.evidence ?? "", /acrn-dm 77 was started on pCPU 2/);
  });
});

describe("CorePartition: withdrawal", () => {
  it("is refused where it would put another VM on a pCPU that a remaining claim holds alone", () => {
    const vms = [
      { kind: "service" as const, cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [3] },
      { kind: "post" as const, name: "OTHER", cpus: [1] },
    ];
    const memory = cell("3.x", { scenario: { name: "s", dialect: "3.x", board: "b", vms } });
    memory.apply(plan(memory, { vms: { RT: [2] } }));
    const claim = planResource(
      memory.draft(),
      corePartitionKind,
      theirs,
      { vms: { OTHER: [3] }, neighbours: "refuse" },
      "id2",
    );
    assert.deepEqual(claim.refusals, []);
    memory.apply(claim);
    const { id1 } = memory.draft().ledger.owners;
    assert.ok(id1);
    const { refusals } = planWithdrawal(memory.draft(), [id1], kindOf);
    assert.deepEqual(
      refusals.map((r) => [r.tip, r.code]),
      [["T15", "core.given-back"]],
    );
    assert.match(refusals[0]?.message ?? "", /would put RT on pCPU 3, which another claim holds for OTHER alone/);
  });

  it("of two stacks that agree goes in any order: both hold the neighbour that one of them evicted", () => {
    for (const first of ["id1", "id2"]) {
      const memory = cell();
      const before = memory.image();
      memory.apply(plan(memory, {}));
      const second = planResource(
        memory.draft(),
        corePartitionKind,
        theirs,
        { vms: { RT: [2, 3] }, neighbours: "refuse" },
        "id2",
      );
      assert.deepEqual(second.outputs.evicted, { STD: [1] });
      memory.apply(second);
      for (const id of [first, first === "id1" ? "id2" : "id1"]) {
        const gone = planWithdrawal(memory.draft(), [memory.draft().ledger.owners[id] as never], kindOf);
        assert.deepEqual(gone.refusals, []);
        memory.apply(gone);
      }
      assert.equal(memory.image(), before);
    }
  });

  it("observes what the machine has, and an order of numbers is no drift", () => {
    const memory = cell();
    memory.apply(plan(memory, { vms: { RT: [3, 2] } }));
    const state = { vms: { RT: [3, 2] }, pcpus: { RT: [2, 3] }, evicted: { STD: [1] } };
    const draft = memory.draft();
    const observe = () => corePartitionKind.observe(memory.draft().documents, state);
    assert.deepEqual(observe(), state);
    memory.put(SOURCE_PATH, memory.files.get(SOURCE_PATH)?.replace("<pcpu_id>2<", "<pcpu_id>0<"));
    assert.deepEqual(observe(), { ...state, vms: { RT: [0, 3] }, pcpus: { RT: [0, 3] } });
    assert.ok(draft);
  });
});
