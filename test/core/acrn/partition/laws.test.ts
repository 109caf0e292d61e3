import assert from "node:assert/strict";
import fc from "fast-check";
import { buildBoard, buildScenario } from "../../../../examples/lab/builder";
import { readBoard } from "../../../../provider/core/acrn/board";
import {
  type CoreWish,
  type PartitionInput,
  type PartitionResult,
  planPartition,
} from "../../../../provider/core/acrn/partition";
import { readScenario } from "../../../../provider/core/acrn/scenario";
import type { Scenario } from "../../../../provider/core/acrn/types";
import type { Core } from "../../../../provider/core/hardware/types";
import { host } from "../../../support/arbitraries";
import { chosen } from "./support";

/** What programs may ask of one built host, several at a time, for building hosts takes longer than planning. */
function inputs(nonsense: boolean): fc.Arbitrary<PartitionInput[]> {
  return host({ textOnly: nonsense }).chain(({ board, scenario }) => {
    const topology = readBoard(buildBoard(board), "board.xml");
    const view = readScenario(buildScenario(scenario), "scenario.xml");
    const service = view.vms.filter((vm) => vm.load === "service").map((vm) => vm.key);
    const known = view.vms.map((vm) => vm.key).filter((key) => nonsense || !service.includes(key));
    const names = fc.constantFrom(...known, "NEW1", "NEW2", ...(nonsense ? ["a b", "__proto__", "Service VM"] : []));
    const ids = fc.uniqueArray(
      fc.integer({ min: nonsense ? -1 : 0, max: topology.pcpus.length - (nonsense ? 0 : 1) }),
      { minLength: nonsense ? 0 : 1, maxLength: 4 },
    );
    const auto = fc.record(
      { cores: fc.integer({ min: nonsense ? 0 : 1, max: 3 }), kind: fc.constantFrom("P" as const, "E" as const) },
      { requiredKeys: ["cores"] },
    );
    const wanted = fc.uniqueArray(fc.tuple(names, fc.oneof<fc.Arbitrary<CoreWish>[]>(ids, auto, auto)), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 3,
    });
    const strangers = fc.uniqueArray(fc.constantFrom(...known, "Service VM"), { maxLength: 3 });
    const input = fc
      .record({
        wanted,
        neighbours: fc.constantFrom("refuse" as const, "evict" as const),
        smt: strangers,
        l2: strangers,
        former: fc.dictionary(fc.constantFrom(...known, "NEW1"), ids),
      })
      .map(({ wanted: wishes, neighbours, smt, l2, former }) => ({
        topology,
        scenario: view,
        wanted: record(wishes),
        neighbours,
        sharing: { smt, l2 },
        former,
      }));
    return fc.array(input, { minLength: 8, maxLength: 8 });
  });
}

/** Object.fromEntries, but a key `__proto__` is one like others. */
function record(entries: readonly (readonly [string, CoreWish])[]): Record<string, CoreWish> {
  const out: Record<string, CoreWish> = Object.create(null);
  for (const [name, wish] of entries) out[name] = wish;
  return out;
}

/** The scenario once a plan has been applied to it. */
function applied(scenario: Scenario, result: PartitionResult): Scenario {
  const after = new Map([
    ...result.evictions.map(({ vm, to }) => [vm, to] as const),
    ...result.assignments.map(({ vm, pcpus }) => [vm, pcpus] as const),
  ]);
  return {
    ...scenario,
    vms: scenario.vms.map((vm) => (after.has(vm.key) ? { ...vm, affinity: after.get(vm.key) as number[] } : vm)),
  };
}

function former(result: PartitionResult): Record<string, number[]> {
  return Object.fromEntries(result.assignments.map(({ vm, pcpus }) => [vm, pcpus]));
}

describe("partition laws", () => {
  it("never throws, and depends on no order of keys", () => {
    fc.assert(
      fc.property(inputs(true), fc.func(fc.integer()), (several, weight) => {
        for (const input of several) {
          const shuffled = Object.entries(input.wanted).sort(([a], [b]) => weight(a) - weight(b));
          const turned = {
            ...input,
            wanted: record(shuffled),
            scenario: { ...input.scenario, vms: [...input.scenario.vms].reverse() },
          };
          const result = planPartition(input);
          assert.deepEqual(planPartition({ ...turned, scenario: input.scenario }), result);
          assert.deepEqual(chosen(planPartition(turned)), chosen(result));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("what is not refused holds what T15 asks, told here in other words", () => {
    fc.assert(
      fc.property(inputs(false), (several) => {
        for (const input of several) {
          const result = planPartition(input);
          if (result.refusals.length === 0) sound(input, result);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("the same again, on what was applied and on the base view: the same, and nobody is evicted twice", () => {
    fc.assert(
      fc.property(inputs(false), (several) => {
        for (const input of several) stable(input);
      }),
      { numRuns: 100 },
    );
  });

  it("finds a legal choice whenever there is one", () => {
    let found = 0;
    fc.assert(
      fc.property(inputs(false), (several) => {
        for (const input of several) if (complete(input)) found++;
      }),
      { numRuns: 200 },
    );
    assert.ok(found > 50, `only ${found} inputs had an answer`);
  });
});

function stable(input: PartitionInput): void {
  const result = planPartition(input);
  if (result.refusals.length > 0) return;
  assert.deepEqual(chosen(planPartition({ ...input, former: former(result) })), chosen(result));
  const again = planPartition({ ...input, scenario: applied(input.scenario, result), former: former(result) });
  assert.deepEqual(chosen(again), chosen(result));
  assert.deepEqual([again.evictions, again.refusals], [[], []]);
}

/** Was there an answer? Where the planner has none, brute force must have none either. */
function complete(input: PartitionInput): boolean {
  const automatic = Object.entries(input.wanted).filter(([, wish]) => !Array.isArray(wish)) as [string, Auto][];
  if (input.topology.cores.length > 6 || automatic.length === 0) return false;
  const result = planPartition(input);
  if (result.refusals.length > 0) assert.equal(bruteForce(input, automatic), undefined);
  else assert.deepEqual(planPartition({ ...input, wanted: former(result) }).refusals, []);
  return result.refusals.length === 0;
}

type Auto = Exclude<CoreWish, readonly number[]>;

/** Some way to name pCPUs for all automatic wishes that no rule refuses. */
function bruteForce(input: PartitionInput, [first, ...rest]: [string, Auto][]): PartitionInput["wanted"] | undefined {
  if (!first) return planPartition(input).refusals.length === 0 ? input.wanted : undefined;
  const [vm, { cores, kind }] = first;
  const usable = input.topology.cores.filter((core) => !core.pcpus.includes(0) && (!kind || core.type === kind));
  for (const some of subsets(usable, cores)) {
    if (new Set(some.map((core) => core.type)).size > 1) continue;
    const named = { ...input, wanted: { ...input.wanted, [vm]: some.flatMap((core) => core.pcpus) } };
    const answer = bruteForce(named, rest);
    if (answer) return answer;
  }
  return undefined;
}

function subsets(cores: readonly Core[], size: number): Core[][] {
  if (size === 0) return [[]];
  return cores.flatMap((core, at) => subsets(cores.slice(at + 1), size - 1).map((rest) => [core, ...rest]));
}

/** An oracle that walks over pCPUs instead of VMs. */
function sound(input: PartitionInput, result: PartitionResult): void {
  const { topology, sharing } = input;
  const after = applied(input.scenario, result);
  const users = (pcpu: number): string[] => {
    const mine = result.assignments.filter(({ pcpus }) => pcpus.includes(pcpu)).map(({ vm }) => vm);
    const others = after.vms
      .filter((vm) => !(vm.key in input.wanted) && vm.affinity?.includes(pcpu))
      .map((vm) => vm.key);
    const service = after.vms.filter((vm) => vm.load === "service" && !vm.affinity?.length).map((vm) => vm.key);
    return mine.length + others.length > 0 ? [...mine, ...others] : service;
  };
  const named = (kind: "smt" | "l2", vm: string) => {
    const service = after.vms.some((each) => each.key === vm && each.load === "service");
    return sharing?.[kind]?.includes(vm) || (service && sharing?.[kind]?.includes("Service VM"));
  };
  for (const { vm, pcpus } of result.assignments) {
    const view = after.vms.find(({ key }) => key === vm);
    for (const pcpu of pcpus) {
      assert.deepEqual(users(pcpu), [vm]);
      assert.ok(pcpu !== 0 || (view && !view.realtime && !view.lapicPassthrough));
      const core = topology.cores.find((each) => each.pcpus.includes(pcpu))?.pcpus ?? [];
      const l2 = topology.caches
        .filter((each) => each.level === 2 && each.pcpus.includes(pcpu))
        .flatMap((each) => each.pcpus);
      for (const other of new Set([...core, ...l2])) {
        const kind = core.includes(other) ? "smt" : "l2";
        // A thread of another core of this VM may be near through SMT: then that rule has judged it.
        const near = topology.cores.some(
          (each) => each.pcpus.includes(other) && each.pcpus.some((id) => pcpus.includes(id)),
        );
        for (const user of users(other))
          if (user !== vm && (kind === "smt" || !near))
            assert.ok(
              named(kind, user) || (user in input.wanted && named(kind, vm)),
              `${vm} ${pcpu} beside ${user} ${other} (${kind})`,
            );
      }
    }
    const types = new Set(topology.pcpus.filter(({ id }) => pcpus.includes(id)).map(({ type }) => type));
    assert.ok(!(types.has("P") && types.has("E")));
  }
  for (const vm of after.vms) assert.ok(vm.affinity?.length !== 0 || vm.load === "service");
}
