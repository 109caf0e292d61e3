import assert from "node:assert/strict";
import fc from "fast-check";
import { effectiveMasks } from "../../../../provider/core/acrn/clos/effective";
import { ghosts } from "../../../../provider/core/acrn/clos/faults/isolation";
import { type ClosDeclaration, type ClosPlan, planClos } from "../../../../provider/core/acrn/clos/plan";
import type { ClosVm } from "../../../../provider/core/acrn/clos/types";
import { formatMask, overlap } from "../../../../provider/core/hardware/ways";
import { board, type CacheSpec, cases, settings, vm, wish } from "./support";

/** Two clusters of four, as of E cores, below one L3. */
const CACHES: CacheSpec[] = [
  { level: 2, id: "0x0", pcpus: [0, 1, 2, 3], ways: 8 },
  { level: 2, id: "0x1", pcpus: [4, 5, 6, 7], ways: 10 },
  { level: 3, id: "0x0", pcpus: [0, 1, 2, 3, 4, 5, 6, 7], ways: 12 },
];
const S = vm("S", "service", [0, 1, 2, 3, 4, 5, 6, 7]);
const R = vm("R", "post-launched", [3, 4], true);
const T = vm("T", "post-launched", [2], true);
const N = vm("N", "post-launched", [5, 6, 7]);

type Row = {
  what: string;
  vms: ClosVm[];
  classes: ClosDeclaration["classes"];
  rest?: NonNullable<ClosDeclaration["rest"]>;
  caches?: CacheSpec[];
  /** Masks on the two L2 caches by class; or the code of the refusal. */
  want: string[] | string;
};

const l3 = wish({ R: "all" }, { l3: 4 });

const rows: Row[] = [
  {
    what: "beside a stranger: as many ways as its pCPUs are of the L2's",
    vms: [S, R, N],
    classes: { rt: l3 },
    want: ["rt 0xc0", "rest 0x3f", "rt 0x300", "rest 0xff"],
  },
  {
    what: "no class without a stranger: the Service VM's vCPU on its own core is none",
    vms: [S, vm("R", "post-launched", [0, 1, 2, 3], true)],
    classes: { rt: l3 },
    want: ["rest 0xff", "rest 0x3ff"],
  },
  {
    what: "members of one class are no strangers",
    vms: [
      vm("S", "service", [4, 5, 6, 7]),
      vm("R", "post-launched", [0, 1], true),
      vm("T", "post-launched", [2, 3], true),
    ],
    classes: { rt: wish({ R: "all", T: "all" }, { l3: 4 }) },
    want: ["rest 0xff", "rest 0x3ff"],
  },
  {
    what: "classes of one L2 are apart from each other",
    vms: [S, R, T],
    classes: { rt: l3, t: wish({ T: "all" }, { l3: 2 }) },
    want: ["rt 0xc0", "t 0x30", "rest 0xf", "rt 0x300", "rest 0xff"],
  },
  {
    what: "a share that is declared stands",
    vms: [S, R, N],
    classes: { rt: wish({ R: "all" }, { l3: 4, l2: 1 }) },
    want: ["rt 0x80", "rest 0x7f", "rt 0x200", "rest 0x1ff"],
  },
  {
    what: "it gives way to what is declared",
    vms: [S, R, T],
    classes: { rt: l3, t: wish({ T: "all" }, { l2: 6 }) },
    want: ["rt 0x2", "t 0xfc", "rest 0x1", "rt 0x300", "rest 0xff"],
  },
  {
    what: "until nothing is left",
    vms: [S, R, T],
    classes: { rt: l3, t: wish({ T: "all" }, { l2: 7 }) },
    want: "clos.full classes.t.l2",
  },
  {
    what: "a class without a real-time VM has what the rest has",
    vms: [S, R, N],
    classes: { rt: wish({ R: "all" }, { l3: 4, l2: 2 }), n: wish({ N: "all" }, { l3: 2 }) },
    want: ["rt 0xc0", "rest 0x3f", "rt 0x300", "rest 0xff"],
  },
  {
    what: "without CAT it is refused",
    vms: [S, R, N],
    classes: { rt: l3 },
    caches: CACHES.map(({ ways, ...cache }) => (cache.level === 2 ? cache : { ...cache, ways: ways as number })),
    want: "clos.l2-shared classes",
  },
  {
    what: "in an L3 that is not divided nobody needs it",
    vms: [S, R, N],
    classes: { rt: wish({ R: [0] }, { l2: 2 }) },
    caches: CACHES.slice(0, 2),
    want: ["rt 0xc0", "rest 0x3f", "rest 0x3ff"],
  },
];

function planned({ vms, classes, rest, caches = CACHES }: Row): ClosPlan {
  const declaration = { classes, cdp: false, ...(rest ? { rest } : {}) };
  return planClos({ declaration, topology: board(8, caches), vms, former: [] });
}

describe("ways of an L2 that a class with ways of the L3 says nothing of", () => {
  for (const row of rows)
    it(row.what, () => {
      const plan = planned(row);
      const [refusal] = plan.refusals;
      if (refusal) return assert.equal(`${refusal.code} ${refusal.property}`, row.want, refusal.message);
      const l2 = plan.ways.filter(({ cache }) => cache.startsWith("L2"));
      assert.deepEqual(
        l2.map(({ name, mask }) => `${name} ${formatMask(mask)}`),
        row.want,
      );
    });

  it("it is said that nobody declared it, and why", () => {
    const plan = planned(rows[0] as Row);
    const said = plan.ways.find(({ name, cache }) => name === "rt" && cache === "L2 0x1")?.why;
    assert.equal(said, "2 of 10 ways; not declared: N fills this L2 too, and the L3 is divided between them");
  });

  it("planned again on what it wrote it says the same", () => {
    for (const row of rows) {
      const plan = planned(row);
      if (plan.refusals.length > 0) continue;
      const declaration = { classes: row.classes, cdp: false };
      const topology = board(8, row.caches ?? CACHES);
      const again = planClos({ declaration, topology, vms: row.vms, former: plan.allocations });
      assert.deepEqual(again.allocations, plan.allocations, row.what);
    }
  });

  it("law: whom the L3 keeps apart from a real-time VM of a class, the L2 does too", () => {
    let apart = 0;
    fc.assert(
      fc.property(cases, (input) => {
        const plan = planClos({ ...input, former: [] });
        if (plan.refusals.length > 0) return;
        const { rows: all } = effectiveMasks(settings(plan.allocations), input.vms, input.topology);
        const isGhost = ghosts(input.vms);
        const real = all.filter(
          ({ vm: { key }, pcpu }) => !isGhost(input.vms.find((v) => v.key === key) as ClosVm, pcpu),
        );
        const on = (level: number) => real.filter(({ cache }) => cache.level === level);
        for (const mine of on(3).filter((row) => row.vm.realtime && declares(input.declaration, row.vm.key)))
          for (const other of on(3)) {
            if (other.vm === mine.vm || overlap(mine.mask as number, other.mask as number) !== 0) continue;
            const [a, b] = [mine, other].map((row) => on(2).find((r) => r.vm === row.vm && r.vcpu === row.vcpu));
            if (!a || !b || a.cache !== b.cache) continue;
            apart++;
            assert.equal(overlap(a.mask as number, b.mask as number), 0, `${mine.vm.key} and ${other.vm.key}`);
          }
      }),
      { numRuns: 300, seed: 3 },
    );
    assert.ok(apart > 50, `${apart} pairs`);
  });
});

function declares({ classes }: ClosDeclaration, key: string): boolean {
  return Object.values(classes).some(({ vms, l3: share }) => Object.hasOwn(vms, key) && share !== undefined);
}
