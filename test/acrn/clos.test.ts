import assert from "node:assert/strict";
import fc from "fast-check";
import { allocate } from "../../provider/core/acrn/clos/allocator";
import { planClos } from "../../provider/core/acrn/clos/plan";
import type { ClosSettings, ClosVm } from "../../provider/core/acrn/clos/types";
import type { Topology } from "../../provider/core/hardware/types";
import { board, cases, settings, vm } from "../core/acrn/clos/support";
import { Acrn } from "./support/acrn";

interface Case {
  settings: ClosSettings;
  vms: readonly ClosVm[];
  topology: Topology;
}

/** Our model of the allocator is what everything about cache classes stands on: here ACRN's own code says the same, or not. */
describe("our model of the CLOS allocator against ACRN's own", function () {
  this.timeout(900_000);
  let acrn: Acrn;
  before(async () => {
    const found = await Acrn.find();
    if (typeof found === "string") throw new Error(found);
    acrn = found;
  });

  it("4000 scenarios without sense, and every one that we plan", async () => {
    const all = [...wild(4000), ...planned(1500)];
    // v3.0 compared vCPU numbers as texts
    const order = acrn.version.startsWith("3.0") ? "text" : "number";
    const theirs = await acrn.allocated(all.map((each) => ({ board: boardText(each), scenario: scenarioText(each) })));
    let compared = 0;
    for (const [at, each] of all.entries()) {
      const said = theirs[at];
      if (!said || "refused" in said) continue;
      assert.deepEqual(ours(each, order), said, scenarioText(each));
      compared++;
    }
    console.log(`      ${compared} of ${all.length} compared, ACRN ${acrn.version}`);
    assert.ok(compared > 4000, `${compared}`);
  });
});

function ours({ settings, vms, topology }: Case, order: "text" | "number") {
  const made = allocate(settings, vms, topology, order);
  const l2 = new Set(settings.allocations.flatMap(({ level, id }) => (level === 2 ? [id] : [])));
  const masks = Object.fromEntries([...l2].map((id) => [id, made.masksOf(2, id)]));
  return {
    masks: { l3: made.masksOf(3, "0x0"), ...masks },
    ids: Object.fromEntries(vms.map((each, at) => [`${at}`, made.closOf(each.key)])),
  };
}

const policy = fc.record(
  {
    vm: fc.constantFrom("A", "B", "C", "X"),
    vcpu: fc.constantFrom("0", "1", "2", "10", "01"),
    type: fc.constantFrom("Unified", "Unified", "Data", "Code"),
    mask: fc.constantFrom("0xf", "0xf0", "0x0f", "0x3", "0xff0"),
    line: fc.constant(0),
  },
  { noNullPrototype: true },
);

const region = fc.array(
  fc.record(
    {
      level: fc.constantFrom(2, 2, 3),
      id: fc.constantFrom("0x0", "0x1", "0xa"),
      policies: fc.array(policy, { minLength: 1, maxLength: 6 }),
      line: fc.constant(0),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 5 },
);

const BOARD = board(4, [
  { level: 2, id: "0x0", pcpus: [0], ways: 8 },
  { level: 2, id: "0x1", pcpus: [1], ways: 10 },
  { level: 2, id: "0xa", pcpus: [2], ways: 12 },
  { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 12 },
]);

function wild(count: number): Case[] {
  const made = fc.record({ region, cdp: fc.boolean(), vcat: fc.boolean(), who: fc.constantFrom("A", "B", "") });
  return fc.sample(made, count).map(({ region: allocations, cdp, vcat, who }) => ({
    settings: settings(allocations, { cdp, vcat }),
    vms: ["A", "B", "C", "D"].map((key) => ({ ...vm(key, "post-launched", [0]), vcat: key === who })),
    topology: BOARD,
  }));
}

function planned(count: number): Case[] {
  return fc.sample(cases, count).flatMap((made) => {
    const plan = planClos({ ...made, former: [] });
    if (plan.refusals.length > 0) return [];
    return [{ settings: settings(plan.allocations), vms: [...made.vms], topology: made.topology }];
  });
}

const tag = (name: string, text: string | number | boolean): string => `<${name}>${text}</${name}>`;
const yes = (value: boolean): string => (value ? "y" : "n");

function boardText({ topology }: Case): string {
  const caches = topology.caches.map(({ level, id, cat }) => {
    const inside = cat
      ? `<capability id="CAT">${tag("capacity_mask_length", cat.maskLength)}${tag("clos_number", cat.closNumber)}</capability>`
      : "";
    return `<cache level="${level}" id="${id}" type="3">${inside}</cache>`;
  });
  return tag("acrn-config", tag("caches", caches.join("")));
}

function scenarioText({ settings: { allocations, cdp, vcat }, vms }: Case): string {
  const rdt = tag("RDT_ENABLED", "y") + tag("CDP_ENABLED", yes(cdp)) + tag("VCAT_ENABLED", yes(vcat));
  const regions = allocations.map(({ level, id, policies }) => {
    const rows = policies.map((each) =>
      tag("POLICY", tag("VM", each.vm) + tag("VCPU", each.vcpu) + tag("TYPE", each.type) + tag("CLOS_MASK", each.mask)),
    );
    return tag("CACHE_ALLOCATION", tag("CACHE_ID", id) + tag("CACHE_LEVEL", level) + rows.join(""));
  });
  const named = vms.map((each, at) => {
    const support = each.vcat ? tag("virtual_cat_support", "y") : "";
    return `<vm id="${at}">${tag("name", each.key)}${support}</vm>`;
  });
  const hv = tag("hv", tag("FEATURES", tag("RDT", rdt)) + tag("CACHE_REGION", regions.join("")));
  return tag("acrn-config", hv + named.join(""));
}
