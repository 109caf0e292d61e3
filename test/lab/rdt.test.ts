import assert from "node:assert/strict";
import {
  buildBoard,
  buildScenario,
  type PolicySpec,
  type RdtSpec,
  type ScenarioSpec,
} from "../../examples/lab/builder";
import { builtFrom, closOf, pcpusOf } from "../../examples/lab/server/physics/image";
import { allocationXml, readAllocation } from "../../examples/lab/server/physics/rdt/allocation-xml";
import { badMask } from "../../examples/lab/server/physics/rdt/table";

const board = buildBoard({ name: "b", pCores: 4, l2: { cat: true, ways: 8 }, l3: { ways: 12, cat: true } });
const policy = (vm: string, vcpu: number, mask: string, type?: PolicySpec["type"]): PolicySpec => ({
  vm,
  vcpu,
  mask,
  ...(type && { type }),
});
const scenario = (rdt: RdtSpec): string => {
  const spec: ScenarioSpec = {
    ...{ name: "s", board: "b", rdt },
    vms: [
      { kind: "service", name: "S", cpus: [] },
      { kind: "post-rt", name: "R", cpus: [2, 3] },
    ],
  };
  return buildScenario(spec);
};
const l3 = (...policies: PolicySpec[]) => ({ level: 3 as const, id: "0x0", policies });
const l2 = (id: string, ...policies: PolicySpec[]) => ({ level: 2 as const, id, policies });

interface Row {
  title: string;
  rdt: RdtSpec;
  l3: string[];
  l2?: Record<string, string[]>;
  /** Of the Service VM and of R. */
  vcpus: [number[], number[]];
}

/** Worked out by hand from the algorithm's description (acrn-reference.md 3). */
const rows: Row[] = [
  {
    title: "equal masks are one class, in the document's order",
    rdt: { enabled: true, allocations: [l3(policy("S", 0, "0xf"), policy("S", 1, "0xf"), policy("R", 0, "0xff0"))] },
    l3: ["0xf", "0xff0"],
    vcpus: [[0, 0], [1]],
  },
  {
    title: "masks of another spelling are another class",
    rdt: { enabled: true, allocations: [l3(policy("S", 0, "0xf"), policy("R", 0, "0x0f"))] },
    l3: ["0xf", "0x0f"],
    vcpus: [[0], [1]],
  },
  {
    title: "an L3 mask is lost where it joins an entry that has none; L2 masks are filled in",
    rdt: {
      enabled: true,
      allocations: [l2("0x0", policy("S", 0, "0x3")), l2("0x2", policy("R", 0, "0xfc")), l3(policy("R", 1, "0xff0"))],
    },
    l3: ["0xfff"],
    l2: { "0x0": ["0x3"], "0x2": ["0xfc"] },
    vcpus: [[0], [0, 0]],
  },
  {
    title: "an owner's masks on L2 and L3 are one entry, of several of a level the last counts",
    rdt: {
      enabled: true,
      allocations: [
        l3(policy("S", 0, "0xf"), policy("R", 0, "0xff0")),
        l2("0x0", policy("S", 0, "0x3")),
        l2("0x2", policy("R", 0, "0x7"), policy("R", 0, "0xfc")),
      ],
    },
    l3: ["0xf", "0xff0"],
    l2: { "0x0": ["0x3", "0xff"], "0x2": ["0xff", "0xfc"] },
    vcpus: [[0], [1]],
  },
  {
    title: "vCPUs without POLICY have no place in the list, which is in numbers' order",
    rdt: {
      enabled: true,
      allocations: [l3(policy("S", 10, "0x1"), policy("S", 2, "0x2"), policy("R", 2, "0x4"), policy("R", 0, "0x8"))],
    },
    l3: ["0x1", "0x2", "0x4", "0x8"],
    vcpus: [
      [1, 0],
      [3, 2],
    ],
  },
  {
    title: "with CDP a pair is a class: data and code by turns, code alone and unified ones count for nothing",
    rdt: {
      enabled: true,
      cdp: true,
      allocations: [
        l3(
          policy("S", 0, "0x1", "Code"),
          policy("S", 0, "0x2", "Data"),
          policy("R", 0, "0x4", "Data"),
          policy("R", 0, "0x8", "Code"),
          policy("R", 1, "0x10"),
        ),
      ],
    },
    l3: ["0x2", "0x1", "0x4", "0x8"],
    vcpus: [[0], [1, 0]],
  },
];

describe("lab: ACRN's classes", () => {
  for (const { title, rdt, l3: masks, l2: others = {}, vcpus } of rows)
    it(title, () => {
      const { table } = builtFrom({ scenario: scenario(rdt), board });
      assert.deepEqual(table, { cdp: rdt.cdp ?? false, l3: masks, l2: others, vcpus: { 0: vcpus[0], 1: vcpus[1] } });
      assert.deepEqual(readAllocation(allocationXml(table), table.cdp), table);
    });

  it("a vCAT VM's classes take nobody in", () => {
    const text = scenario({
      enabled: true,
      vcat: true,
      allocations: [l3(policy("R", 0, "0xf"), policy("R", 1, "0xf"), policy("S", 0, "0xf"))],
    });
    const vcat = text.replace(/(<name>R<\/name>)/, "$1<virtual_cat_support>y</virtual_cat_support>");
    assert.deepEqual(builtFrom({ scenario: text, board }).table.l3, ["0xf"]);
    assert.deepEqual(builtFrom({ scenario: vcat, board }).table.l3, ["0xf", "0xf", "0xf"]);
  });

  const real = scenario({
    enabled: true,
    allocations: [l3(policy("S", 0, "0xf"), policy("R", 0, "0xff0")), l2("0x2", policy("R", 1, "0xfc"))],
  });
  it("a vCPU has what its place in the list says, on the caches that cover its pCPU", () => {
    const image = builtFrom({ scenario: real, board });
    // R's vCPU 1 has a mask for an L2 alone, so it joins the first class
    assert.deepEqual(closOf(image, "R", [3, 2]), [
      { vcpu: 0, pcpu: 2, clos: 1, masks: { "L2 0x2": "0xff", "L3 0x0": "0xff0" } },
      { vcpu: 1, pcpu: 3, clos: 0, masks: { "L2 0x3": "0xff", "L3 0x0": "0xf" } },
    ]);
    assert.deepEqual(
      closOf(image, "R", [3])?.map(({ pcpu, clos }) => [pcpu, clos]),
      [[3, 1]],
    );
    const service = image.vms[0];
    assert.ok(service);
    assert.deepEqual(
      closOf(image, "S", pcpusOf(image, service))?.map(({ clos }) => clos),
      [0, 0, 0, 0],
    );
    assert.equal(closOf(image, "NEW", [1]), undefined);
    assert.equal(
      closOf(builtFrom({ scenario: real.replace("RDT_ENABLED>y", "RDT_ENABLED>n"), board }), "R", [2]),
      undefined,
    );
  });

  it("2.x: the i-th mask is class i on every cache, and vcpu_clos names them", () => {
    const text = buildScenario({
      ...{ name: "s", board: "b", dialect: "2.x" },
      rdt: { enabled: true, masks: ["0xf", "0xf0"] },
      vms: [
        { kind: "service", cpus: [0, 1], clos: [0, 0] },
        { kind: "post-rt", name: "R", cpus: [2, 3], clos: [1, 0] },
      ],
    });
    const image = builtFrom({ scenario: text, board });
    assert.deepEqual(
      closOf(image, "R", [2, 3])?.map(({ masks }) => masks),
      [
        { "L2 0x2": "0xf0", "L3 0x0": "0xf0" },
        { "L2 0x3": "0xf", "L3 0x0": "0xf" },
      ],
    );
  });

  const masks: [mask: string, bad: boolean][] = [
    ["0xf", false],
    ["0xff0", false],
    ["0x800", false],
    ["0xfff", false],
    ["0x0", true],
    ["0x5", true],
    ["0x1fff", true],
    ["0x1000", true],
  ];
  for (const [mask, bad] of masks)
    it(`${mask} of 12 ways is ${bad ? "refused by the processor" : "taken"}`, () => {
      const { table, caches } = builtFrom({
        scenario: scenario({ enabled: true, allocations: [l3(policy("S", 0, mask))] }),
        board,
      });
      assert.equal(badMask(table, caches), bad ? `${mask} on L3 0x0` : undefined);
    });
});
