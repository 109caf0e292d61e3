import assert from "node:assert/strict";
import { effectiveMasks } from "../../../../provider/core/acrn/clos/effective";
import { closFaults } from "../../../../provider/core/acrn/clos/faults";
import { closPicture } from "../../../../provider/core/acrn/clos/picture";
import { type ClosDeclaration, type ClosPlanInput, planClos } from "../../../../provider/core/acrn/clos/plan";
import type { ClosVm } from "../../../../provider/core/acrn/clos/types";
import type { Topology } from "../../../../provider/core/hardware/types";
import { formatMask } from "../../../../provider/core/hardware/ways";
import { board, type CacheSpec, settings, vm, wish } from "./support";

const MB = 1024 * 1024;
const CACHES: CacheSpec[] = [
  { level: 2, id: "0x0", pcpus: [0, 1], ways: 8, size: MB },
  { level: 2, id: "0x1", pcpus: [2, 3], ways: 10, size: MB },
  { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 12, size: 12 * MB },
];
const BOARD = board(4, CACHES);
const VMS = [vm("R", "post-launched", [1, 2], true), vm("S", "service", [0, 1, 2, 3])];

function planned(declaration: Partial<ClosDeclaration>, topology = BOARD, vms: ClosVm[] = VMS) {
  const input: ClosPlanInput = { declaration: { classes: {}, cdp: false, ...declaration }, topology, vms, former: [] };
  return { input, plan: planClos(input) };
}

/** `R/0 0xf`: what each vCPU runs with on a cache, by the allocator. */
function runs(made: ReturnType<typeof planned>, level: number, id: string): string[] {
  const { input, plan } = made;
  assert.deepEqual(plan.refusals, []);
  const { rows } = effectiveMasks(
    settings(plan.allocations, { cdp: input.declaration.cdp }),
    input.vms,
    input.topology,
  );
  const here = rows.filter(({ cache }) => cache.level === level && cache.id === id);
  return here.map(
    (row) => `${row.vm.key}/${row.vcpu} ${formatMask(row.mask ?? 0)}${row.type === "Unified" ? "" : ` ${row.type}`}`,
  );
}

describe("plan of cache classes", () => {
  it("the Service VM on the core of one real-time VM does not fill the ways of another", () => {
    const caches: CacheSpec[] = [
      { level: 2, id: "0x0", pcpus: [0, 1, 2, 3], ways: 16, size: MB },
      { level: 2, id: "0x1", pcpus: [4, 5, 6, 7], ways: 16, size: MB },
    ];
    const vms = [
      vm("R1", "post-launched", [4, 5], true),
      vm("R2", "post-launched", [6, 7], true),
      vm("S", "service", [0, 1, 2, 3, 4, 5, 6, 7]),
    ];
    const classes = { a: wish({ R1: "all" }, { l2: 8 }), b: wish({ R2: "all" }, { l2: 8 }) };
    assert.deepEqual(runs(planned({ classes }, board(8, caches), vms), 2, "0x1"), [
      ...["R1/0 0xff00", "R1/1 0xff00", "R2/0 0xff", "R2/1 0xff"],
      // until R2 is launched, S/6 and S/7 run beside R1
      ...["S/4 0xff00", "S/5 0xff00", "S/6 0xff", "S/7 0xff"],
    ]);
  });

  it("nor of another one of the same class: then the rest has a way", () => {
    const caches: CacheSpec[] = [{ level: 2, id: "0x0", pcpus: [0, 1, 2, 3], ways: 8 }];
    const vms = [
      vm("R1", "post-launched", [0, 1], true),
      vm("R2", "post-launched", [2, 3], true),
      vm("S", "service", [0, 1, 2, 3, 4]),
    ];
    const of = (l2: number) =>
      planned({ classes: { a: wish({ R1: "all", R2: "all" }, { l2 }) } }, board(5, caches), vms);
    assert.deepEqual(
      of(8).plan.refusals.map(({ code }) => code),
      ["clos.full"],
    );
    assert.deepEqual(
      [...new Set(runs(of(7), 2, "0x0").map((line) => line.replace(/\/\d/, "")))],
      ["R1 0xfe", "R2 0xfe", "S 0x1"],
    );
  });

  it("a share in bytes of a cache whose ways are no whole bytes", () => {
    const caches: CacheSpec[] = [{ level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 15, size: 11 * MB }];
    const { plan } = planned({ classes: { rt: wish({ R: "all" }, { l3: "11M" }) } }, board(4, caches));
    assert.doesNotMatch(JSON.stringify(plan.refusals), /16 ways/);
  });

  it("every vCPU has its policy on each cache, the L3 first, the rest first", () => {
    const { plan } = planned({ classes: { rt: wish({ R: "all" }, { l2: 4, l3: "3M" }) } });
    assert.deepEqual(
      plan.allocations.map(({ level, id, policies }) => [
        `L${level} ${id}`,
        ...policies.map(({ vm: name, vcpu, type, mask }) => `${name}/${vcpu} ${type} ${mask}`),
      ]),
      [
        [
          "L3 0x0",
          "S/0 Unified 0x1ff",
          "S/1 Unified 0x1ff",
          "S/2 Unified 0x1ff",
          "S/3 Unified 0x1ff",
          "R/0 Unified 0xe00",
          "R/1 Unified 0xe00",
        ],
        ["L2 0x0", "S/0 Unified 0xf", "S/1 Unified 0xf", "R/0 Unified 0xf0"],
        ["L2 0x1", "S/2 Unified 0x3f", "S/3 Unified 0x3f", "R/1 Unified 0x3c0"],
      ],
    );
    assert.deepEqual(plan.closIds, { R: [1, 1], S: [0, 0, 0, 0] });
  });

  it("the picture: one row a class, one column a way", () => {
    const { plan } = planned({ classes: { rt: wish({ R: "all" }, { l2: 4 }) }, gpuWays: "0x3" });
    assert.equal(
      closPicture(plan),
      [
        "L2 0x0 (8 ways, highest left)",
        "  rt    ####....",
        "  rest  ....####",
        "L2 0x1 (10 ways, highest left)",
        "  rt    ####......",
        "  rest  ....######",
        "L3 0x0 (12 ways, highest left)",
        "  rest  ############",
        "  GPU   ..........##",
      ].join("\n"),
    );
  });

  it("some vCPUs of a VM: the others are with the rest, and that is said", () => {
    const made = planned({ classes: { rt: wish({ R: [1] }, { l2: 4, l3: 4 }) } });
    assert.deepEqual(runs(made, 3, "0x0"), ["R/0 0xff", "R/1 0xf00", "S/0 0xff", "S/1 0xff", "S/2 0xff", "S/3 0xff"]);
    assert.match(made.plan.warnings.join(), /R vCPU 0 .* share a class/);
  });

  it("a vCPU that no cache with CAT covers has a policy all the same, or ids would slip", () => {
    const topology = board(5, [{ level: 2, id: "0x1", pcpus: [2, 3, 4], ways: 10 }]);
    const vms = [
      vm("A", "pre-launched", [0, 3]),
      vm("B", "pre-launched", [1]),
      vm("R", "pre-launched", [2], true),
      vm("S", "service", [4]),
    ];
    const made = planned(
      { classes: { rt: wish({ R: "all" }, { l2: 4 }), a: wish({ A: "all" }, { l2: 2 }) } },
      topology,
      vms,
    );
    assert.deepEqual(runs(made, 2, "0x1"), ["A/1 0x30", "R/0 0x3c0", "S/0 0xf"]);
    const found = closFaults(settings(made.plan.allocations), vms, topology);
    assert.deepEqual(found, []);
  });

  it("only real-time VMs below the L3: somebody else leads there, so that CLOS 0 is not theirs", () => {
    const topology = board(3, [
      { level: 2, id: "0x0", pcpus: [0], ways: 8 },
      { level: 3, id: "0x0", pcpus: [1, 2], ways: 12 },
    ]);
    const vms = [vm("R", "pre-launched", [1, 2], true), vm("S", "service", [0])];
    const made = planned({ classes: { rt: wish({ R: "all" }, { l3: 4 }) } }, topology, vms);
    assert.equal(made.plan.allocations[0]?.policies[0]?.vm, "S");
    assert.deepEqual(runs(made, 3, "0x0"), ["R/0 0xf00", "R/1 0xf00"]);
    assert.deepEqual(made.plan.closIds, { R: [1, 1], S: [0] });
  });

  it("more than ten vCPUs in different classes: v3.0 mixes them up, which is said", () => {
    const topology = board(12, [
      ...[0, 6].map((from, at) => ({
        level: 2,
        id: `0x${at}`,
        pcpus: [0, 1, 2, 3, 4, 5].map((p) => from + p),
        ways: 8,
      })),
    ]);
    const vms = [
      vm(
        "S",
        "service",
        Array.from({ length: 12 }, (_, id) => id),
      ),
    ];
    const made = planned({ classes: { a: wish({ S: [2] }, { l2: 2 }) } }, topology, vms);
    assert.deepEqual(made.plan.refusals, []);
    assert.match(made.plan.warnings.join(), /S has more than ten vCPUs .* v3\.0/);
  });

  it("code and data apart, where every L2 and L3 has CDP", () => {
    const topology = board(
      4,
      CACHES.map((cache) => ({ ...cache, cdp: true })),
    );
    const classes = { rt: wish({ R: "all" }, { l2: { code: 1, data: 2 }, l3: 4 }) };
    const made = planned({ classes, cdp: true }, topology);
    assert.deepEqual(runs(made, 2, "0x0"), [
      ...["R/0 0xc0 Data", "R/0 0x20 Code", "S/0 0x1f Data", "S/0 0x1f Code", "S/1 0x1f Data", "S/1 0x1f Code"],
    ]);
    assert.deepEqual(made.plan.closIds, { R: [1, 1], S: [0, 0, 0, 0] });
    assert.deepEqual([...new Set(made.plan.ways.map(({ name }) => name))], ["rt code", "rt data", "rest", "rt"]);
    const again = planClos({ ...made.input, former: made.plan.allocations });
    assert.deepEqual(again.allocations, made.plan.allocations);
  });

  it("code and data of a class may meet, also of two VMs that are in it; nobody else's may", () => {
    const topology = board(
      4,
      CACHES.map((cache) => ({ ...cache, cdp: true })),
    );
    const vms = [...VMS, vm("T", "post-launched", [3], true)];
    const share = { code: "0xf00", data: "0xf80" };
    const made = planned(
      { classes: { rt: wish({ R: "all", T: "all" }, { l3: share, l2: 2 }) }, cdp: true },
      topology,
      vms,
    );
    const found = runs(made, 3, "0x0").filter((line) => !line.startsWith("S"));
    const both = ["Data", "Code"].map((type) => `${type === "Data" ? "0xf80" : "0xf00"} ${type}`);
    assert.deepEqual(
      found,
      ["R/0", "R/1", "T/0"].flatMap((who) => both.map((mask) => `${who} ${mask}`)),
    );
    assert.match(made.plan.warnings.join(), /R .* and T .* share a class/);
    const two = { rt: wish({ R: "all" }, { l3: share }), t: wish({ T: "all" }, { l3: { code: "0x80", data: 1 } }) };
    assert.deepEqual(
      planned({ classes: two, cdp: true }, topology, vms).plan.refusals.map(({ code }) => code),
      ["clos.overlap"],
    );
  });

  it("a class that the rest has left keeps clear of the rest's old ways", () => {
    const vms = [...VMS, vm("T", "post-launched", [3])];
    const before = planned({ classes: { a: wish({ R: "all" }, { l3: 2 }) }, rest: { l3: 4 } }, BOARD, vms);
    const classes = { a: wish({ R: "all" }, { l3: 2 }), t: wish({ T: "all" }, { l3: 4 }) };
    const input = { ...before.input, declaration: { classes, cdp: false } };
    const after = planClos({ ...input, former: before.plan.allocations });
    const l3 = after.ways
      .filter(({ cache }) => cache === "L3 0x0")
      .map(({ name, mask }) => `${name} ${formatMask(mask)}`);
    assert.deepEqual(l3, ["a 0xc00", "t 0x3c0", "rest 0x3f"]);
  });
});

describe("plan of cache classes: what is refused", () => {
  const rt = wish({ R: "all" }, { l3: 4 });
  const rows: [what: string, given: Partial<ClosDeclaration>, code: string, topology?: Topology, vms?: ClosVm[]][] = [
    ["an unknown VM", { classes: { a: wish({ X: "all" }) } }, "clos.unknown-vm"],
    ["an unknown vCPU", { classes: { a: wish({ R: [2] }) } }, "clos.unknown-vcpu"],
    ["a vCPU in two classes", { classes: { a: wish({ R: [0] }), b: wish({ R: "all" }) } }, "clos.two-classes"],
    ["a real-time VM in a class that shares", { classes: { a: { ...rt, exclusive: false } } }, "clos.shared-class"],
    ["a level without CAT", { classes: { a: rt } }, "clos.no-level", board(4, CACHES.slice(0, 2))],
    ["a board without CAT", { classes: { a: rt } }, "clos.no-cat", board(4, [])],
    ["a board that does not tell its caches", { classes: { a: rt } }, "clos.no-cat", { ...BOARD, cachesKnown: false }],
    [
      "two L3 caches with CAT",
      { classes: { a: rt } },
      "clos.several-l3",
      board(6, [...CACHES, { level: 3, id: "0x1", pcpus: [4, 5], ways: 12 }]),
      [...VMS, vm("T", "post-launched", [4, 5])],
    ],
    ["mba (T05)", { classes: { a: { ...rt, mba: 10 } } }, "clos.mba"],
    ["mba of the rest (T05)", { classes: { a: rt }, rest: { mba: 10 } }, "clos.mba"],
    ["code and data without CDP", { classes: { a: wish({ R: "all" }, { l3: { code: 1, data: 1 } }) } }, "clos.cdp"],
    ["CDP that the board has not everywhere", { classes: { a: rt }, cdp: true }, "clos.cdp"],
    ["GPU ways that the board does not tell", { classes: { a: rt }, gpuWays: "board" }, "clos.gpu"],
    ["a VM without cores", { classes: { a: rt } }, "clos.no-cores", BOARD, [...VMS, vm("T", "post-launched", [])]],
    [
      "a VM with vCAT",
      { classes: { a: rt } },
      "clos.vcat",
      BOARD,
      VMS.map((each) => ({ ...each, vcat: each.key === "R" })),
    ],
    [
      "a real-time vCPU in no class beside one that is in one",
      { classes: { a: wish({ R: [1] }, { l2: 4, l3: 4 }) } },
      "clos.overlap",
      BOARD,
      VMS.map((each) => (each.key === "R" ? { ...each, realtimeVcpus: [true, true] } : each)),
    ],
    [
      "too many classes",
      { classes: { a: rt, b: wish({ S: [0] }, { l3: 1 }) } },
      "clos.count",
      board(
        4,
        CACHES.map((cache) => ({ ...cache, clos: 3 })),
      ),
    ],
    [
      "a real-time VM in no class",
      { classes: { a: rt } },
      "clos.overlap",
      BOARD,
      [...VMS, vm("T", "pre-launched", [3], true)],
    ],
    ["a real-time VM with the rest's ways alone", { classes: { a: wish({ S: [0] }, { l3: 2 }) } }, "clos.overlap"],
    [
      "an L2 without CAT shared while the L3 is cut",
      { classes: { a: rt } },
      "clos.l2-shared",
      board(4, [{ level: 2, id: "0x0", pcpus: [0, 1] }, ...CACHES.slice(1)]),
    ],
    ["a cache too small", { classes: { a: wish({ R: "all" }, { l2: 8 }) } }, "clos.full"],
  ];
  it("CDP in a scenario with VCAT_ENABLED, and a script of a VM that the scenario lacks", () => {
    const topology = board(
      4,
      CACHES.map((cache) => ({ ...cache, cdp: true })),
    );
    const codes = (cdp: boolean, more: Partial<ClosPlanInput>) =>
      planClos({ ...planned({ classes: { a: rt }, cdp }, topology).input, ...more }).refusals.map(({ code }) => code);
    assert.deepEqual(codes(true, { vcat: true }), ["clos.vcat"]);
    assert.deepEqual(codes(false, { vcat: true }), []);
    assert.deepEqual(codes(true, {}), []);
    assert.deepEqual(codes(false, { scripts: [{ path: "/root/x.sh", vm: "X" }] }), ["clos.dynamic-vm"]);
    assert.deepEqual(codes(false, { scripts: [{ path: "/root/x.sh", vm: "R" }, { path: "/root/y.sh" }] }), []);
  });

  for (const [what, given, code, topology, vms] of rows)
    it(what, () => {
      const { plan } = planned(given, topology, vms);
      const codes = [...new Set(plan.refusals.map((each) => each.code))];
      assert.deepEqual(codes, code === "" ? [] : [code]);
      for (const { hint, property } of plan.refusals) assert.ok(hint.length > 10 && property !== "");
      if (code !== "") assert.deepEqual(plan.allocations, []);
    });
});
