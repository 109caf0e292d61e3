import assert from "node:assert/strict";
import fc from "fast-check";
import { catCaches, closLimit, titleOf } from "../../../../provider/core/acrn/clos/caches";
import { effectiveMasks } from "../../../../provider/core/acrn/clos/effective";
import { type ClosPlan, type ClosPlanInput, planClos } from "../../../../provider/core/acrn/clos/plan";
import { overlap, parseMask } from "../../../../provider/core/hardware/ways";
import { cases, settings, wish } from "./support";

const RUNS = { numRuns: 200, seed: 6 };

/** Plans that are refused say nothing about what is written; a third of the cases has to be planned or the laws are idle. */
function eachPlanned(check: (input: ClosPlanInput, plan: ClosPlan) => void): void {
  let planned = 0;
  fc.assert(
    fc.property(cases, (made) => {
      const input = { ...made, former: [] };
      const plan = planClos(input);
      if (plan.refusals.length > 0) return;
      planned++;
      check(input, plan);
    }),
    RUNS,
  );
  assert.ok(planned > RUNS.numRuns / 5, `${planned} of ${RUNS.numRuns} were planned`);
}

describe("laws of cache classes", () => {
  it("every vCPU has a policy on every cache that covers it, and runs with its ways", () =>
    eachPlanned((input, plan) => {
      const { rows, without } = effectiveMasks(settings(plan.allocations), input.vms, input.topology);
      assert.deepEqual(without, []);
      for (const { vm, vcpu, cache, mask } of rows) {
        const policy = plan.allocations
          .find(({ level, id }) => level === cache.level && id === cache.id)
          ?.policies.find((each) => each.vm === vm.key && each.vcpu === String(vcpu));
        assert.ok(policy, `${vm.key}/${vcpu} on ${titleOf(cache)}`);
        assert.equal(mask, parseMask(policy.mask));
        const own = plan.ways.find(({ name, cache: on }) => on === titleOf(cache) && isMember(input, name, vm.key));
        if (own) assert.equal(mask, own.mask);
      }
    }));

  it("no way of a real-time vCPU in a class is another class's", () =>
    eachPlanned((input, plan) => {
      const { rows } = effectiveMasks(settings(plan.allocations), input.vms, input.topology);
      for (const mine of rows.filter(({ vm }) => vm.realtime))
        for (const other of rows) {
          // the launch takes this very core from the Service VM; beside any other real-time VM its vCPU runs
          const taken = other.vm.load === "service" && mine.vm.load === "post-launched";
          if (taken && mine.vm.pcpus.includes(other.pcpu)) continue;
          const [name, with_] = [classOf(input, mine.vm.key), classOf(input, other.vm.key)];
          if (other.cache !== mine.cache || with_ === name || !hasShare(input, name, mine.cache.level)) continue;
          assert.equal(overlap(mine.mask as number, other.mask as number), 0);
        }
    }));

  it("CLOS ids stay below the limit, and the first policy is nobody's who is real-time", () =>
    eachPlanned((input, plan) => {
      const limit = closLimit(catCaches(input.topology));
      for (const ids of Object.values(plan.closIds)) for (const id of ids) assert.ok(id === undefined || id < limit);
      const first = plan.allocations[0]?.policies[0]?.vm;
      const leader = input.vms.find(({ key }) => key === first);
      const onCat = input.vms.some(
        (vm) => !vm.realtime && catCaches(input.topology).some((c) => vm.pcpus.some((p) => c.pcpus.includes(p))),
      );
      if (onCat) assert.equal(leader?.realtime, false);
    }));

  it("planned again on what it wrote it says the same, whatever the order of the maps", () =>
    eachPlanned((input, plan) => {
      const { declaration } = input;
      const turned = Object.fromEntries(
        Object.entries(declaration.classes)
          .reverse()
          .map(([name, { vms, ...rest }]) => [
            name,
            { ...rest, vms: Object.fromEntries(Object.entries(vms).reverse()) },
          ]),
      );
      const again = planClos({ ...input, declaration: { ...declaration, classes: turned }, former: plan.allocations });
      assert.deepEqual(again.allocations, plan.allocations);
      assert.deepEqual(planClos({ ...input, vms: [...input.vms].reverse() }).allocations, plan.allocations);
    }));

  it("a class that comes leaves the others where they are, if it fits beside them", () =>
    eachPlanned((input, plan) => {
      const [first, ...others] = Object.keys(input.declaration.classes);
      if (first === undefined || others.length === 0) return;
      const { [first]: _, ...classes } = input.declaration.classes;
      const before = planClos({ ...input, declaration: { ...input.declaration, classes } });
      if (before.refusals.length > 0) return;
      const after = planClos({ ...input, former: before.allocations });
      if (after.refusals.length > 0) return;
      const moved = before.ways.filter(({ name, cache, mask }) => {
        const now = after.ways.find((each) => each.name === name && each.cache === cache);
        return name !== "rest" && now !== undefined && now.mask !== mask;
      });
      if (moved.length === 0) return;
      // Only where it was needed: with them held, nothing fits.
      const held = planClos({
        ...input,
        declaration: { ...input.declaration, classes: pinned(input, before) },
        former: [],
      });
      assert.notEqual(held.refusals.length, 0, JSON.stringify(moved));
      assert.ok(plan.allocations.length > 0);
    }));
});

/** The classes of a plan as masks, the others as they are declared; only where one mask serves each level. */
function pinned({ declaration }: ClosPlanInput, plan: ClosPlan): ClosPlanInput["declaration"]["classes"] {
  const out = { ...declaration.classes };
  for (const [name, each] of Object.entries(declaration.classes)) {
    const on = (level: number) => [
      ...new Set(
        plan.ways
          .filter((w) => w.name === name && w.cache.startsWith(`L${level}`))
          .map((w) => `0x${w.mask.toString(16)}`),
      ),
    ];
    const pin = (level: number, share: typeof each.l2) =>
      share !== undefined && on(level).length === 1 ? { [`l${level}`]: on(level)[0] } : {};
    out[name] = wish(each.vms, { ...each, ...pin(2, each.l2), ...pin(3, each.l3) });
  }
  return out;
}

function classOf({ declaration }: ClosPlanInput, vm: string): string {
  return (
    Object.keys(declaration.classes).find((name) => Object.hasOwn(declaration.classes[name]?.vms ?? {}, vm)) ?? "rest"
  );
}

function isMember(input: ClosPlanInput, name: string, vm: string): boolean {
  return name !== "rest" && classOf(input, vm) === name;
}

/** A class that says nothing of a level is with the rest there. */
function hasShare({ declaration }: ClosPlanInput, name: string, level: number): boolean {
  const each = declaration.classes[name];
  return (level === 2 ? each?.l2 : each?.l3) !== undefined;
}
