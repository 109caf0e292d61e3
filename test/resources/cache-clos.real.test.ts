import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cacheGaps } from "../../provider/converge/activate/gaps";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { readBoard } from "../../provider/core/acrn/board";
import { catCaches } from "../../provider/core/acrn/clos/caches";
import { closFaultsOf } from "../../provider/core/acrn/clos/faults";
import { closVms } from "../../provider/core/acrn/clos/layout";
import { cacheClosKind } from "../../provider/resources/cache-clos";
import type { CacheClosArgs } from "../../provider/resources/cache-clos/schema";
import { kindOf } from "../../provider/resources/kinds";
import { optional } from "../support/needs";
import { DATA, hostOf, type Real, reals } from "./reals";

const who = { stack: "s", kind: "CacheClos", urns: ["urn:clos"] };

/** A class for every VM that may have one, in shares of the L2, which is where real boards have CAT. */
function argsFor(real: Real): CacheClosArgs {
  const vms = closVms(real.scenario, real.file, readBoard(real.board, real.folder));
  const realtime = vms.filter((vm) => vm.realtime);
  const chosen = (realtime.length > 0 ? realtime : vms.slice(0, 1)).map(({ key }) => key);
  const classes = Object.fromEntries(chosen.map((vm, at) => [`c${at}`, { vms: { [vm]: "all" }, l2: 4 }]));
  return cacheClosKind.schema.parse({ classes }) as CacheClosArgs;
}

/** What is told of one: `planned`, or the codes of its refusals. */
function outcome(real: Real): string {
  const memory = hostOf(real);
  const before = memory.image();
  const args = argsFor(real);
  const planned = planResource(memory.draft(), cacheClosKind, who, args, "id");
  if (planned.refusals.length > 0) return [...new Set(planned.refusals.map(({ code }) => code))].join();
  memory.apply(planned);
  const draft = memory.draft();
  assert.deepEqual(planResource(draft, cacheClosKind, who, args, "id").lines, [], "a second plan is empty");
  // A VM's own flags are RtVm's to set.
  const left = cacheGaps(draft.documents, draft.topology).filter(({ rule }) => rule !== "clos.lapic");
  assert.deepEqual(left, []);
  memory.apply(planWithdrawal(memory.draft(), Object.values(draft.ledger.owners), kindOf));
  assert.deepEqual(memory.changedSince(before), [], "withdrawn, every byte is back");
  return "planned";
}

describe("CacheClos over all real scenarios", () => {
  for (const version of ["v2.5", "v3.4-dev"])
    it(version, function () {
      optional(this, existsSync(DATA), "no ../shared/acrn-data");
      const all = [...reals(version)];
      const told = all.map((real) => [`${real.folder}/${real.file}`, outcome(real)] as const);
      const planned = told.filter(([, what]) => what === "planned");
      for (const [at, [name, what]] of told.entries()) {
        const { board, folder } = all[at] as Real;
        assert.equal(what === "clos.no-cat", catCaches(readBoard(board, folder)).length === 0, `${name}: ${what}`);
      }
      assert.ok(planned.length > 0, JSON.stringify(told));
    });

  it("none of them has a fault: RDT is off in all", function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
    for (const version of ["v2.5", "v3.4-dev"])
      for (const { scenario, file, board, folder } of reals(version))
        assert.deepEqual(closFaultsOf(scenario, file, readBoard(board, folder)), [], `${folder}/${file}`);
  });
});
