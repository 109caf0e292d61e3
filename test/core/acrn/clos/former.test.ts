import assert from "node:assert/strict";
import { type ClosDeclaration, type FormerAllocation, planClos } from "../../../../provider/core/acrn/clos/plan";
import { formerRest } from "../../../../provider/core/acrn/clos/plan/former";
import { formatMask } from "../../../../provider/core/hardware/ways";
import { board, policies, vm, wish } from "./support";

const S = vm("S", "service", [0, 1]);
const A = vm("A", "post-launched", [2]);
const B = vm("B", "post-launched", [3]);

describe("the mask that the rest had", () => {
  const rows: [
    what: string,
    had: Parameters<typeof formerRest>[0],
    first: number | undefined,
    want: number | undefined,
  ][] = [
    ["nobody had one", [{ vm: A, mask: undefined }], 1, undefined],
    [
      "the Service VM's",
      [
        { vm: A, mask: 1 },
        { vm: B, mask: 1 },
        { vm: S, mask: 2 },
      ],
      1,
      2,
    ],
    [
      "without the Service VM the first policy's",
      [
        { vm: A, mask: 1 },
        { vm: A, mask: 1 },
        { vm: B, mask: 2 },
      ],
      2,
      2,
    ],
    [
      "not the first policy's, where nobody of the rest has it",
      [
        { vm: A, mask: 1 },
        { vm: B, mask: 1 },
      ],
      2,
      1,
    ],
    [
      "what most have",
      [
        { vm: A, mask: 1 },
        { vm: B, mask: 6 },
        { vm: A, mask: 1 },
      ],
      undefined,
      1,
    ],
    [
      "of as many the one with more ways",
      [
        { vm: A, mask: 1 },
        { vm: B, mask: 6 },
      ],
      undefined,
      6,
    ],
    [
      "then the higher",
      [
        { vm: B, mask: 6 },
        { vm: A, mask: 3 },
      ],
      undefined,
      6,
    ],
  ];
  for (const [what, had, first, want] of rows)
    it(what, () => {
      assert.equal(formerRest(had, first), want);
      assert.equal(formerRest([...had].reverse(), first), want, "in any order");
    });

  const topology = board(5, [{ level: 3, id: "0x0", pcpus: [0, 1, 2, 3, 4], ways: 12 }]);
  /** The L3's masks after another declaration, in the order of their names. */
  const masksAfter = (names: [string, string], rest: ClosDeclaration["rest"]) => {
    const [one, two] = names;
    const R = vm("R", "post-launched", [4], true);
    const vms = [vm(one, "post-launched", [0, 1]), vm(two, "post-launched", [2]), R];
    const former: FormerAllocation[] = [
      { level: 3, id: "0x0", policies: policies(`${one}/0/0x38`, `${one}/1/0x38`, `${two}/0/0x38`, "R/0/0xf00") },
    ];
    const classes = { rt: wish({ R: "all" }, { l3: 4 }), x: wish({ [one]: "all" }, { l3: 3 }) };
    const plan = planClos({ declaration: { classes, cdp: false, ...(rest ? { rest } : {}) }, topology, vms, former });
    assert.deepEqual(plan.refusals, []);
    return plan.ways.map(({ name, mask }) => `${name} ${formatMask(mask)}`);
  };

  it("stays the rest's when the first VM of the file leaves it, by whatever name", () => {
    const want = ["rt 0xf00", "x 0x7", "rest 0x38"];
    assert.deepEqual(masksAfter(["A", "Z"], { l3: 3 }), want);
    assert.deepEqual(masksAfter(["Z", "A"], { l3: 3 }), want);
  });

  it("where nobody else is there, the Service VM in the place of a real-time VM does not take that VM's ways from it", () => {
    const vms = [vm("R", "post-launched", [0, 1], true), vm("S", "service", [0, 1])];
    const one = board(2, [{ level: 3, id: "0x0", pcpus: [0, 1], ways: 12 }]);
    const former = [{ level: 3, id: "0x0", policies: policies("S/0/0xf", "S/1/0xf", "R/0/0xf", "R/1/0xf") }];
    const declaration = { classes: { rt: wish({ R: "all" }, { l3: 4 }) }, cdp: false };
    const plan = planClos({ declaration, topology: one, vms, former });
    assert.deepEqual(
      plan.ways.map(({ name, mask }) => `${name} ${formatMask(mask)}`),
      ["rt 0xf", "rest 0xff0"],
    );
  });
});
