import assert from "node:assert/strict";
import { cacheGaps } from "../../provider/converge/activate/gaps";
import { planResource } from "../../provider/converge/plan-resource";
import { cacheClosKind } from "../../provider/resources/cache-clos";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import type { MemoryHost } from "../support/memory-host";
import { BOARD, back, cell, lawful, plan, RT_CLASS, SOURCE, type World } from "./cache-clos.world";

const OLD_CLASS = { classes: { rt: { vms: { RT: "all" }, l3: 4 } } };
const OLD_BOARD = { pCores: 8, l3: { ways: 12, cat: true } };

const source = (memory: MemoryHost) => memory.files.get(SOURCE) ?? "";

function edit(memory: MemoryHost, from: string | RegExp, to: string): void {
  const before = source(memory);
  const after = before.replace(from, to);
  assert.notEqual(after, before, "the edit hits something");
  memory.put(SOURCE, after);
}

/** The masks of the VM, cache by cache, as the scenario has them. */
function masksOf(memory: MemoryHost, vm: string): string {
  const found = source(memory).matchAll(
    new RegExp(`<VM>${vm}</VM>\\s*<VCPU>(\\d+)</VCPU>[^]*?<CLOS_MASK>(\\w+)<`, "g"),
  );
  return [...found].map(([, vcpu, mask]) => `${vcpu} ${mask}`).join(", ");
}

describe("CacheClos: the laws", () => {
  const worlds: [what: string, world: World, args: object][] = [
    ["3.x", {}, RT_CLASS],
    ["3.x, CRLF, tabs and comments", { scenario: { eol: "\r\n", indent: "\t", comments: true } }, RT_CLASS],
    ["3.x, a byte order mark", { scenario: { bom: true } }, RT_CLASS],
    [
      "3.x, E clusters",
      { board: { pCores: 4, eCores: 4, l2: { cat: true }, eL2: { ways: 16, cat: true } } },
      { classes: { rt: { vms: { RT: "all" }, l2: 6 } } },
    ],
    ["2.x", { dialect: "2.x", board: OLD_BOARD }, OLD_CLASS],
    ["2.x, CRLF", { dialect: "2.x", board: OLD_BOARD, scenario: { eol: "\r\n" } }, OLD_CLASS],
    [
      "2.x with a list",
      {
        dialect: "2.x",
        board: OLD_BOARD,
        scenario: { rdt: { enabled: true, masks: ["0xfff", "0xff"], mbaDelays: [0, 10] } },
      },
      OLD_CLASS,
    ],
    [
      "3.x with a region that says something else",
      {
        scenario: {
          rdt: {
            enabled: true,
            allocations: [{ level: 3, id: "0x0", policies: [{ vm: "RT", vcpu: 0, mask: "0xF" }] }],
          },
        },
      },
      RT_CLASS,
    ],
  ];
  for (const [what, world, args] of worlds)
    it(`applied, a second plan is empty; withdrawn, every byte is back: ${what}`, () => void lawful(cell(world), args));
});

describe("CacheClos: what it plans", () => {
  it("outputs are known in preview", () => {
    const { outputs, reasons } = plan(cell());
    const { closIds, masks, ways, bytes, picture } = outputs as Record<string, Record<string, unknown>>;
    assert.deepEqual(closIds, { RT: [1, 1], STD: [0], SVM: [0, 0, 0, 0, 0, 0, 0, 0] });
    assert.deepEqual(masks?.rt, { "L2 0x2": "0xff000", "L2 0x3": "0xff000", "L3 0x0": "0xf00" });
    assert.deepEqual(ways?.rt, { "L2 0x2": "12-19", "L2 0x3": "12-19", "L3 0x0": "8-11" });
    assert.deepEqual(bytes?.rt, { "L2 0x2": 524288, "L2 0x3": 524288, "L3 0x0": 4194304 });
    assert.match(String(picture), /L3 0x0 \(12 ways, highest left\)\n {2}rt {4}####\.{8}\n {2}rest {2}\.{4}#{8}$/);
    assert.ok(
      reasons.includes("rt: ways 12-19 of L2 0x2, L2 0x3 (0xff000, 512K): 8 of 20 ways (512K)"),
      reasons.join("\n"),
    );
  });

  it("what is written and not built is pending, and needs an image and a reboot", () => {
    const { pending } = plan(cell());
    assert.deepEqual(
      pending.map(({ field, state, needs }) => [field, state, needs.map(({ act }) => act).join()]),
      [
        ["scenario hv/CACHE_REGION", "pending", "hypervisor-install,host-reboot"],
        ["scenario hv/FEATURES/RDT/RDT_ENABLED", "pending", "hypervisor-install,host-reboot"],
      ],
    );
  });

  it("other ways move, and only those lines", () => {
    const memory = cell();
    memory.apply(plan(memory));
    const before = source(memory).split("\n");
    memory.apply(plan(memory, { classes: { rt: { vms: { RT: "all" }, l2: "512K", l3: 3 } } }));
    const after = source(memory).split("\n");
    assert.equal(after.length, before.length);
    const moved = after.filter((line, at) => line !== before[at]).map((line) => line.trim());
    assert.deepEqual([...new Set(moved)], ["<CLOS_MASK>0x1ff</CLOS_MASK>", "<CLOS_MASK>0xe00</CLOS_MASK>"]);
  });

  it("a class that comes leaves the others where they are", () => {
    const memory = cell();
    memory.apply(plan(memory));
    const before = masksOf(memory, "RT");
    memory.apply(plan(memory, { classes: { ...RT_CLASS.classes, a: { vms: { STD: "all" }, l3: 2 } } }));
    assert.equal(masksOf(memory, "RT"), before);
    assert.equal(masksOf(memory, "STD"), "0 0xc0, 0 0xfffff");
  });

  it("a mask that somebody changed is drift: refresh shows it, up brings it back", () => {
    const memory = cell();
    const first = plan(memory);
    memory.apply(first);
    edit(memory, /0xf00/g, "0x700");
    const seen = cacheClosKind.observe(memory.draft().documents, first.outputs) as {
      masks: Record<string, Record<string, string>>;
    };
    assert.equal(seen.masks.rt?.["L3 0x0"], "0xff 0x700");
    assert.equal(seen.masks.rt?.["L2 0x2"], "0xff000");
    assert.match(plan(memory).lines.join(), /RT 0-1 0x700.* => .*RT 0-1 0xf00/);
    memory.apply(plan(memory));
    assert.equal(masksOf(memory, "RT"), "0 0xf00, 1 0xf00, 0 0xff000, 1 0xff000");
  });

  it("a single vCPU with another's mask, and RDT switched off, are drift too", () => {
    for (const dialect of ["3.x", "2.x"] as const) {
      const memory = dialect === "3.x" ? cell() : cell({ dialect, board: OLD_BOARD });
      const args = dialect === "3.x" ? RT_CLASS : OLD_CLASS;
      const { outputs } = plan(memory, args);
      memory.apply(plan(memory, args));
      const observed = () =>
        cacheClosKind.observe(memory.draft().documents, outputs) as Record<string, Record<string, unknown>>;
      assert.deepEqual(observed(), { masks: outputs.masks, closIds: outputs.closIds });
      if (dialect === "3.x") edit(memory, /(<VM>RT<[\s\S]*?<VCPU>1<[\s\S]*?<CLOS_MASK>)0xf00</, "$10xff<");
      else edit(memory, /(<name>RT<[\s\S]*?<vcpu_clos>1<\/vcpu_clos>\s*<vcpu_clos>)1</, "$10<");
      assert.deepEqual(observed().closIds?.RT, dialect === "3.x" ? [1, 2] : [1, 0]);
      edit(memory, "<RDT_ENABLED>y<", "<RDT_ENABLED>n<");
      assert.equal(Object.values((observed().masks?.rt ?? {}) as object)[0], "(RDT is off)");
      memory.apply(plan(memory, args));
      assert.deepEqual(observed(), { masks: outputs.masks, closIds: outputs.closIds });
    }
  });

  it("who divides the cache already is not moved by declaring it", () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((vcpu) => ({ vm: "SVM", vcpu, mask: "0xff0" }));
    const rt = [0, 1].map((vcpu) => ({ vm: "RT", vcpu, mask: "0xf" }));
    const policies = [...all, { vm: "STD", vcpu: 0, mask: "0xff0" }, ...rt];
    const rdt = { enabled: true, allocations: [{ level: 3 as const, id: "0x0", policies }] };
    const memory = cell({ board: { ...BOARD, l2: {} }, scenario: { rdt } });
    const planned = plan(memory, { classes: { rt: { vms: { RT: "all" }, l3: 4 } } });
    assert.deepEqual((planned.outputs.masks as Record<string, unknown>).rt, { "L3 0x0": "0xf" });
  });

  it("mba on 3.x says T05, and nothing is planned", () => {
    const { refusals, lines } = plan(cell(), { classes: { rt: { ...RT_CLASS.classes.rt, mba: 10 } } });
    assert.deepEqual(
      refusals.map(({ tip, property }) => [tip, property]),
      [["T05", "classes.rt.mba"]],
    );
    assert.deepEqual(lines, []);
  });
});

describe("CacheClos: with a CorePartition and RtVms of the same run", () => {
  const cores = { RT: [2, 3], NEW: [6, 7] };
  const passed = { partition: { pcpus: cores, evicted: {} }, rtVms: [{ name: "NEW", pcpus: [6, 7] }] };
  const args = { ...passed, classes: { rt: { vms: { RT: "all", NEW: "all" }, l2: 8, l3: 4 } } };

  function others(memory: MemoryHost): void {
    const draft = memory.draft();
    const moved = planResource(
      draft,
      corePartitionKind,
      { stack: "s", kind: "CorePartition", urns: ["urn:cores"] },
      { vms: cores, neighbours: "evict" },
      "id2",
    );
    assert.deepEqual(moved.refusals, []);
    memory.apply(moved);
    const made = rtVmKind.schema.parse({ name: "NEW", partition: { pcpus: cores }, memory: "1G" }) as RtVmArgs;
    const inserted = planResource(
      memory.draft(),
      rtVmKind,
      { stack: "s", kind: "RtVm", urns: ["urn:rt"] },
      made,
      "id3",
    );
    assert.deepEqual(inserted.refusals, []);
    memory.apply(inserted);
  }

  it("a VM that is not there yet has its policies at the first preview, whatever comes first", () => {
    const [before, after] = [cell(), cell()];
    const first = plan(before, args);
    assert.deepEqual(first.refusals, []);
    others(after);
    const second = plan(after, args);
    assert.deepEqual(second.outputs, first.outputs);
    before.apply(first);
    others(before);
    assert.deepEqual(plan(before, args).lines, []);
    assert.equal(masksOf(before, "NEW"), "0 0xf00, 1 0xf00, 0 0xff000, 1 0xff000");
  });

  it("one that is not passed changes nothing at first, and is found afterwards", () => {
    const memory = cell();
    const alone = { classes: { rt: { vms: { RT: "all" }, l2: 8, l3: 4 } } };
    memory.apply(plan(memory, alone));
    others(memory);
    const { refusals, lines, warnings } = plan(memory, alone);
    assert.deepEqual([refusals, lines], [[], []]);
    assert.match(warnings.join(), /NEW is in no class, and only an RtVm has it/);
    const { documents, topology } = memory.draft();
    assert.deepEqual(
      cacheGaps(documents, topology).map(({ rule, vm }) => `${rule} ${vm}`),
      ["clos.no-policy NEW"],
    );
  });

  it("deletes in any order give every byte back", () => {
    const memory = cell();
    const before = memory.image();
    others(memory);
    memory.apply(plan(memory, args));
    back(memory);
    assert.deepEqual(memory.changedSince(before), []);
  });
});
