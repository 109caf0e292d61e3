import assert from "node:assert/strict";
import type { BoardSpec, HostTreeSpec, ScenarioSpec } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { cacheClosKind } from "../../provider/resources/cache-clos";
import type { CacheClosArgs } from "../../provider/resources/cache-clos/schema";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

export const SOURCE = SOURCE_PATH;
export const RECORD = "/usr/share/acrn/scenario.xml";

const who = { stack: "s", kind: "CacheClos", urns: ["urn:clos"] };

/** Eight cores, an L2 of 20 ways each with CAT, an L3 of 12 with CAT over all. */
export const BOARD: Partial<BoardSpec> = { pCores: 8, l2: { cat: true }, l3: { ways: 12, cat: true } };

export interface World {
  dialect?: "2.x" | "3.x";
  board?: Partial<BoardSpec>;
  scenario?: Partial<ScenarioSpec>;
  host?: Partial<HostTreeSpec>;
}

export function cell({ dialect = "3.x", board = BOARD, scenario = {}, host = {} }: World = {}): MemoryHost {
  return new MemoryHost({
    ...identity(`clos ${dialect}`),
    board: { name: "b", dialect, ...board },
    scenario: {
      name: "s",
      dialect,
      board: "b",
      vms: [
        { kind: "service", name: "SVM", cpus: [0, 1] },
        { kind: "post-rt", name: "RT", cpus: [2, 3] },
        { kind: "post", name: "STD", cpus: [4] },
      ],
      ...scenario,
    },
    acrnVersion: dialect === "3.x" ? "3.3" : "2.7",
    ...host,
  });
}

export const RT_CLASS = { classes: { rt: { vms: { RT: "all" }, l2: "512K", l3: 4 } } };

export function plan(memory: MemoryHost, args: object = RT_CLASS): Planned {
  const parsed = cacheClosKind.schema.parse(args) as CacheClosArgs;
  return planResource(memory.draft(), cacheClosKind, who, parsed, "id1");
}

export function back(memory: MemoryHost): void {
  const draft = memory.draft();
  memory.apply(planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf));
}

/** The laws that every plan has to keep: applied, nothing is left to do; withdrawn, every byte is back. */
export function lawful(memory: MemoryHost, args: object = RT_CLASS): Planned {
  const before = memory.image();
  const planned = plan(memory, args);
  assert.deepEqual(planned.refusals, []);
  memory.apply(planned);
  assert.deepEqual(plan(memory, args).lines, [], "a second plan is empty");
  const after = memory.image();
  back(memory);
  assert.deepEqual(memory.changedSince(before), [], "withdrawn, every byte is back");
  memory.apply(plan(memory, args));
  assert.deepEqual(memory.changedSince(after), [], "again the same");
  return planned;
}
