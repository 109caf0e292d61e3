import assert from "node:assert/strict";
import { cacheGaps } from "../../provider/converge/activate/gaps";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { cacheClosKind } from "../../provider/resources/cache-clos";
import type { CacheClosArgs } from "../../provider/resources/cache-clos/schema";
import { launchScripts } from "../../provider/resources/core-partition/scripts";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import type { MemoryHost } from "../support/memory-host";
import { cell, plan, SOURCE, type World } from "./cache-clos.world";

/** The program: two classes, of which the second is an RtVm's, and the same without that VM and its class. */
const one = { rt: { vms: { RT: "all" }, l2: 8, l3: 4 } };
const two = (name: string) => ({ ...one, two: { vms: { [name]: "all" }, l2: 2, l3: 2 } });

function rtVm(memory: MemoryHost, name: string, pcpus: number[], stack = "s"): void {
  const args = rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: pcpus } }, memory: "1G" }) as RtVmArgs;
  const who = { stack, kind: "RtVm", urns: [`urn:${name}`] };
  const made = planResource(memory.draft(), rtVmKind, who, args, `id of ${name}`);
  assert.deepEqual(made.refusals, []);
  memory.apply(made);
}

function drop(memory: MemoryHost, type: string): void {
  const draft = memory.draft();
  const owners = Object.values(draft.ledger.owners).filter(({ kind }) => kind === type);
  assert.equal(owners.length, 1);
  memory.apply(planWithdrawal(draft, owners, kindOf));
}

/** Both declared, and up. */
function both(name: string, pcpus: number[], world: World = {}, stack = "s"): MemoryHost {
  const memory = cell(world);
  rtVm(memory, name, pcpus, stack);
  const made = plan(memory, { classes: two(name), rtVms: [{ name, pcpus }] });
  assert.deepEqual(made.refusals, []);
  memory.apply(made);
  return memory;
}

/** Errors of the scenario as it stands; a VM's own flags are RtVm's to set. */
function gaps(memory: MemoryHost): string[] {
  const { documents, topology, snapshot } = memory.draft();
  return cacheGaps(documents, topology, launchScripts(snapshot)).flatMap(({ rule, vm }) =>
    rule === "clos.lapic" ? [] : [`${rule} ${vm}`],
  );
}

const source = (memory: MemoryHost) => memory.files.get(SOURCE) ?? "";

describe("CacheClos: an RtVm and its class go in one up", () => {
  // Up to v2.6 there is one real-time VM at most, so the class that stays is another VM's.
  const old: World = {
    dialect: "2.x",
    board: { pCores: 8, l3: { ways: 12, cat: true } },
    scenario: {
      vms: [
        { kind: "service", name: "SVM", cpus: [0, 1] },
        { kind: "post", name: "STD", cpus: [4] },
      ],
    },
  };
  const worlds: [what: string, world: World, stays: object, goes: object][] = [
    ["3.x", {}, one, two("NEW")],
    [
      "2.x",
      old,
      { std: { vms: { STD: "all" }, l3: 4 } },
      { std: { vms: { STD: "all" }, l3: 4 }, two: { vms: { NEW: "all" }, l3: 2 } },
    ],
  ];
  for (const [dialect, world, stays, goes] of worlds)
    it(`${dialect}: the class first, as the engine does; nothing is left to do, and nothing is wrong`, () => {
      const memory = cell(world);
      rtVm(memory, "NEW", [6, 7]);
      const first = plan(memory, { classes: goes, rtVms: [{ name: "NEW", pcpus: [6, 7] }] });
      assert.deepEqual(first.refusals, []);
      memory.apply(first);
      const later = plan(memory, { classes: stays });
      assert.deepEqual(later.refusals, []);
      assert.match(later.warnings.join(), /T04: NEW is in no class, and only an RtVm has it in the scenario/);
      memory.apply(later);
      assert.deepEqual(plan(memory, { classes: stays }).lines, [], "verified while the VM is still there");
      drop(memory, "RtVm");
      assert.doesNotMatch(source(memory), /NEW/);
      const end = plan(memory, { classes: stays });
      assert.deepEqual([end.lines, end.refusals, end.warnings], [[], [], []]);
      assert.deepEqual(gaps(memory), []);
    });

  it("one that stays although nothing names it is found at the doors", () => {
    const memory = both("NEW", [6, 7]);
    memory.apply(plan(memory, { classes: one }));
    assert.deepEqual(gaps(memory), ["clos.no-policy NEW"]);
  });

  it("its script goes with it, and is none to refuse anything for", () => {
    const memory = both("NEW", [6, 7]);
    memory.put("/root/acrn-work/new.sh", "#!/bin/bash\nacrn-dm -m 512M -s 0:0,hostbridge NEW\n");
    assert.deepEqual(plan(memory, { classes: one }).refusals, []);
  });

  it("one that is passed, or another stack's, is none that goes", () => {
    const passed = plan(both("NEW", [6, 7]), { classes: one, rtVms: [{ name: "NEW", pcpus: [6, 7] }] });
    assert.deepEqual([...new Set(passed.refusals.map(({ code }) => code))], ["clos.overlap"]);
    const others = plan(both("NEW", [6, 7], {}, "other"), { classes: one });
    assert.deepEqual([...new Set(others.refusals.map(({ code }) => code))], ["clos.overlap"]);
  });

  it("a standard VM that an RtVm made a real-time one has the rest's ways again", () => {
    const memory = both("STD", [4]);
    const later = plan(memory, { classes: one });
    assert.deepEqual(later.refusals, []);
    assert.match(later.warnings.join(), /STD is in no class, and only an RtVm makes a real-time VM of it/);
    memory.apply(later);
    drop(memory, "RtVm");
    const end = plan(memory, { classes: one });
    assert.deepEqual([end.lines, end.refusals, end.warnings], [[], [], []]);
    assert.deepEqual(gaps(memory), []);
  });

  it("a real-time VM of the scenario itself stays one, and needs a class", () => {
    const vms = [
      { kind: "service" as const, name: "SVM", cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [2, 3] },
      { kind: "post-rt" as const, name: "RT2", cpus: [4] },
    ];
    const { refusals } = plan(both("RT2", [4], { scenario: { vms } }), { classes: one });
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["clos.overlap"]);
  });
});

describe("CacheClos: launch scripts of VMs that the scenario lacks", () => {
  const script = "#!/bin/bash\nacrn-dm -m 512M -s 0:0,hostbridge GONE\n";

  it("refused, in words that say which script; one of a VM that is passed is none", () => {
    const memory = cell();
    memory.put("/root/acrn-work/launch_gone.sh", script);
    const [refusal] = plan(memory).refusals;
    assert.match(
      `${refusal?.code}: ${refusal?.message}`,
      /^clos.dynamic-vm: \/root\/acrn-work\/launch_gone.sh launches "GONE"/,
    );
    const passed = { classes: one, rtVms: [{ name: "GONE", pcpus: [6] }] };
    assert.deepEqual(
      [...new Set(plan(memory, passed).refusals.map(({ code }) => code))],
      ["clos.overlap"],
      "it needs a class",
    );
    const named = { classes: two("GONE"), rtVms: [{ name: "GONE", pcpus: [6] }] };
    assert.deepEqual(plan(memory, named).refusals, []);
  });
});

describe("CacheClos: RDT that stays on when it goes", () => {
  const policies = [
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((vcpu) => ({ vm: "SVM", vcpu, mask: "0xff" })),
    { vm: "STD", vcpu: 0, mask: "0xff" },
    ...[0, 1].map((vcpu) => ({ vm: "RT", vcpu, mask: "0xf00" })),
  ];
  const on = (count: number): World => ({
    board: { pCores: 8, l3: { ways: 12, cat: true } },
    scenario: { rdt: { enabled: true, allocations: [{ level: 3, id: "0x0", policies: policies.slice(0, count) }] } },
  });
  const args = { classes: { rt: { vms: { RT: "all" }, l3: 4 } } };

  function told(world: World): string[] {
    const memory = cell(world);
    memory.apply(plan(memory, args));
    const draft = memory.draft();
    const { warnings, refusals } = planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf);
    assert.deepEqual(refusals, []);
    return warnings;
  }

  it("off before: off again, and nothing to say", () => assert.deepEqual(told({}), []));

  it("on before: said, and that nothing is wrong", () => {
    const [said, ...more] = told(on(policies.length));
    assert.deepEqual(more, []);
    assert.match(said ?? "", /^T04: RDT stays on in the scenario.* Nothing is wrong with them now\.$/);
  });

  it("on before, without policies for a VM: what is wrong is told", () =>
    assert.match(told(on(9)).join(), /Wrong with them now:\n {2}clos\.no-policy: RT has no POLICY/));

  it("not where another stack's CacheClos stays", () => {
    const memory = cell(on(policies.length));
    memory.apply(plan(memory, args));
    const parsed = cacheClosKind.schema.parse(args) as CacheClosArgs;
    const other = { stack: "other", kind: "CacheClos", urns: ["urn:other"] };
    const again = planResource(memory.draft(), cacheClosKind, other, parsed, "id2");
    assert.deepEqual(again.refusals, []);
    memory.apply(again);
    const draft = memory.draft();
    const [first] = Object.values(draft.ledger.owners);
    assert.deepEqual(planWithdrawal(draft, first ? [first] : [], kindOf).warnings, []);
  });
});
