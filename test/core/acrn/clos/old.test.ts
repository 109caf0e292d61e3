import assert from "node:assert/strict";
import { type ClosDeclaration, type OldFormer, planOldClos } from "../../../../provider/core/acrn/clos/plan";
import type { Topology } from "../../../../provider/core/hardware/types";
import { board, vm, wish } from "./support";

const CLOS = { resources: ["L2", "MBA"], max: [4, 8], masks: ["0xff", "0"] };
const BOARD: Topology = {
  ...board(
    4,
    [0, 1, 2, 3].map((at) => ({ level: 2, id: `0x${at}`, pcpus: [at], ways: 8 })),
  ),
  clos: CLOS,
};
const TEXT_ONLY: Topology = { ...board(4, []), cachesKnown: false, clos: CLOS };
const VMS = [vm("R", "post-launched", [2, 3], true), vm("S", "service", [0, 1]), vm("T", "post-launched", [1])];
const NONE: OldFormer = { masks: [], closIds: {} };

const planned = (declaration: Partial<ClosDeclaration>, topology = BOARD, former = NONE, vms = VMS) =>
  planOldClos({ declaration: { classes: {}, cdp: false, ...declaration }, topology, vms }, former);

describe("plan of cache classes for ACRN 2.x", () => {
  for (const [what, topology] of [
    ["caches", BOARD],
    ["CLOS_INFO alone", TEXT_ONLY],
  ] as const)
    it(`a list with as many masks as the board of ${what} has classes, CLOS 0 the rest's`, () => {
      const plan = planned({ classes: { rt: wish({ R: "all" }, { l2: 3 }) } }, topology);
      assert.deepEqual(plan.refusals, []);
      assert.deepEqual(plan.lists, { masks: ["0x1f", "0xe0", "0x1f", "0x1f"] });
      assert.deepEqual(plan.closIds, { R: [1, 1], S: [0, 0], T: [0] });
    });

  it("delays, of the rest and of classes", () => {
    const plan = planned({
      classes: { rt: wish({ R: "all" }, { l2: 3 }), t: wish({ T: "all" }, { mba: 30 }) },
      rest: { mba: 20 },
    });
    assert.deepEqual(plan.lists, { masks: ["0x1f", "0xe0", "0x1f", "0x1f"], delays: ["20", "0", "30", "0"] });
    assert.deepEqual(plan.closIds, { R: [1, 1], S: [0, 0], T: [2] });
  });

  it("a class stays where it was when another one comes before it", () => {
    const rt = wish({ R: "all" }, { l2: 3 });
    const before = planned({ classes: { rt } });
    const masks = before.lists?.masks.map(Number) ?? [];
    const after = planned({ classes: { rt, a: wish({ T: "all" }, { l2: 2 }) } }, BOARD, {
      masks,
      closIds: before.closIds,
    });
    assert.deepEqual(after.lists?.masks, ["0x7", "0x18", "0xe0", "0x7"]);
  });

  it("who divides the cache already is not moved: by the masks of CLOS ids, whoever has CLOS 0, and of their data under CDP", () => {
    const masks = [0x7, 0x38, 0xc0];
    const closIds = { R: [0, 0], S: [2, 2], T: [2] };
    const own = { classes: { rt: wish({ R: "all" }, { l2: 3 }) } };
    assert.equal(planned(own, BOARD, { masks, closIds }).lists?.masks[1], "0x7");
    const pairs = { masks: [0x3, 0xff, 0x70, 0xff], closIds: { R: [1, 1], S: [0, 0], T: [0] }, cdp: true };
    assert.equal(planned(own, BOARD, pairs).lists?.masks[1], "0x70");
  });

  it("a class that the rest has left keeps clear of the rest's old ways", () => {
    const former = { masks: [0x3, 0xe0], closIds: { R: [1, 1], S: [0, 0], T: [0] } };
    const classes = { rt: wish({ R: "all" }, { l2: 3 }), t: wish({ T: "all" }, { l2: 2 }) };
    const rest = { l2: 2 };
    assert.deepEqual(planned({ classes, rest }, BOARD, former).lists?.masks, ["0x3", "0xe0", "0x18", "0x3"]);
  });

  it("refused: a VM whose pCPUs nobody knows", () => {
    const vms = [...VMS, vm("X", "post-launched", [])];
    const { refusals, lists } = planned({ classes: { rt: wish({ R: "all" }, { l2: 3 }) } }, BOARD, NONE, vms);
    assert.deepEqual(
      [refusals.map(({ code, property }) => `${code} ${property}`), lists],
      [["clos.no-cores partition"], undefined],
    );
  });

  const rt = wish({ R: "all" }, { l2: 3 });
  const rows: [what: string, given: Partial<ClosDeclaration>, code: string, topology?: Topology][] = [
    ["shares of L2 and L3 that differ", { classes: { a: { ...rt, l3: 4 } } }, "clos.one-list"],
    ["the same share twice", { classes: { a: { ...rt, l3: 3 } } }, ""],
    ["CDP", { classes: { a: rt }, cdp: true }, "clos.cdp"],
    ["code and data", { classes: { a: wish({ R: "all" }, { l2: { code: 1, data: 1 } }) } }, "clos.cdp"],
    [
      "mba on a board without",
      { classes: { a: { ...rt, mba: 10 } } },
      "clos.mba",
      { ...BOARD, clos: { resources: ["L2"], max: [4], masks: ["0xff"] } },
    ],
    [
      "a board without CAT",
      { classes: { a: rt } },
      "clos.no-cat",
      { ...TEXT_ONLY, clos: { resources: [], max: [], masks: [] } },
    ],
    ["an unknown VM", { classes: { a: wish({ X: "all" }) } }, "clos.unknown-vm"],
    ["GPU ways that are none", { classes: { a: rt }, gpuWays: "all" }, "clos.gpu"],
    [
      "too many classes",
      {
        classes: Object.fromEntries(
          [0, 1].flatMap((v) => [
            [`r${v}`, wish({ R: [v] }, { l2: 1 })],
            [`s${v}`, wish({ S: [v] }, { l2: 1 })],
          ]),
        ),
      },
      "clos.count",
    ],
    ["a cache too small", { classes: { a: wish({ R: "all" }, { l2: 8 }) } }, "clos.full"],
  ];
  for (const [what, given, code, topology] of rows)
    it(`refused: ${what}`, () => {
      const codes = [...new Set(planned(given, topology).refusals.map((each) => each.code))];
      assert.deepEqual(codes, code === "" ? [] : [code]);
    });
});
