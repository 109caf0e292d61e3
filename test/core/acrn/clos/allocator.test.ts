import assert from "node:assert/strict";
import { allocate } from "../../../../provider/core/acrn/clos/allocator";
import type { FormerAllocation } from "../../../../provider/core/acrn/clos/plan";
import type { Topology } from "../../../../provider/core/hardware/types";
import { board, policies, settings, vm } from "./support";

/** Reference, section 3; each row was run through ACRN's own clos.py as well (npm run test:acrn has the same comparison). */

const TWO_L2 = board(4, [
  { level: 2, id: "0x0", pcpus: [0, 1], ways: 8 },
  { level: 2, id: "0x1", pcpus: [2, 3], ways: 10 },
  { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 12 },
]);

const l2 = (id: string, ...texts: string[]): FormerAllocation => ({ level: 2, id, policies: policies(...texts) });
const l3 = (...texts: string[]): FormerAllocation => ({ level: 3, id: "0x0", policies: policies(...texts) });

interface Row {
  what: string;
  allocations: FormerAllocation[];
  cdp?: boolean;
  vcat?: string[];
  order?: "text";
  topology?: Topology;
  needed: number;
  closOf?: Record<string, number[]>;
  masks?: Record<string, string[] | undefined>;
}

const rows: Row[] = [
  {
    what: "one entry for each pair of masks",
    allocations: [l3("S/0/0xff", "S/1/0xff", "R/0/0xf00"), l2("0x0", "S/0/0xf", "S/1/0xf", "R/0/0xf0")],
    needed: 2,
    closOf: { S: [0, 0], R: [1], X: [] },
    masks: { "3/0x0": ["0xff", "0xf00"], "2/0x0": ["0xf", "0xf0"], "2/0x1": undefined },
  },
  {
    what: "masks of different L2 caches join: a CLOS is shared, no way is",
    allocations: [l2("0x0", "S/0/0xf"), l2("0x1", "R/0/0xf0")],
    needed: 1,
    closOf: { S: [0], R: [0] },
    masks: { "2/0x0": ["0xf"], "2/0x1": ["0xf0"], "3/0x0": ["0xfff"] },
  },
  {
    what: "an L3 mask is lost when its entry joins one without",
    allocations: [l2("0x0", "S/0/0xf"), l3("R/0/0xf00")],
    needed: 1,
    closOf: { S: [0], R: [0] },
    masks: { "3/0x0": ["0xfff"], "2/0x0": ["0xf"] },
  },
  {
    what: "the other way round it is kept",
    allocations: [l3("R/0/0xf00"), l2("0x0", "S/0/0xf")],
    needed: 1,
    masks: { "3/0x0": ["0xf00"], "2/0x0": ["0xf"] },
  },
  {
    what: "texts of equal value are different",
    allocations: [l2("0x0", "S/0/0x0f", "R/0/0xf")],
    needed: 2,
    closOf: { S: [0], R: [1] },
    masks: { "2/0x0": ["0x0f", "0xf"] },
  },
  {
    what: "of several masks for a level the last one counts",
    allocations: [l2("0x0", "S/0/0xf", "S/0/0xf0"), l2("0x1", "S/0/0x3")],
    needed: 1,
    masks: { "2/0x0": ["0xff"], "2/0x1": ["0x3"] },
  },
  {
    what: "ids are for the vCPUs that have a policy, ascending as numbers",
    allocations: [l2("0x0", "S/10/0xf", "S/2/0xf0")],
    needed: 2,
    closOf: { S: [1, 0] },
  },
  {
    what: "ascending as texts in v3.0",
    allocations: [l2("0x0", "S/10/0xf", "S/2/0xf0")],
    order: "text",
    needed: 2,
    closOf: { S: [0, 1] },
  },
  {
    what: "a vCPU written 01 is counted and never found",
    allocations: [l2("0x0", "S/0/0xf", "S/01/0xf0")],
    needed: 1,
    closOf: { S: [0, 0] },
    masks: { "2/0x0": ["0xf"] },
  },
  {
    what: "with CDP off another type than Unified is not found, and gets CLOS 0",
    allocations: [l2("0x0", "S/0/0xf", "R/0/0xf0/Data")],
    needed: 2,
    closOf: { S: [0], R: [0] },
  },
  {
    what: "CDP: pairs of data and code, an id a pair; Unified is dropped",
    allocations: [l2("0x0", "S/0/0x3/Code", "S/0/0xc/Data", "R/0/0x30/Code", "R/0/0xc0/Data", "U/0/0xff")],
    cdp: true,
    needed: 4,
    closOf: { S: [0], R: [1], U: [0] },
    masks: { "2/0x0": ["0xc", "0x3", "0xc0", "0x30"] },
  },
  {
    what: "CDP: a pair joins only where both match",
    allocations: [l2("0x0", "S/0/0x3/Code", "S/0/0xc/Data", "R/0/0x3/Code", "R/0/0xc0/Data")],
    cdp: true,
    needed: 4,
    closOf: { S: [0], R: [1] },
  },
  {
    what: "vCAT: each policy takes an id of its own, and takes nobody in",
    allocations: [l2("0x0", "V/0/0xf0", "V/1/0xf0", "S/0/0xf0")],
    vcat: ["V"],
    needed: 3,
    closOf: { V: [0, 1], S: [2] },
  },
  {
    what: "vCAT: an earlier entry without it takes it in",
    allocations: [l2("0x0", "S/0/0xf0", "V/0/0xf0")],
    vcat: ["V"],
    needed: 1,
    closOf: { V: [0], S: [0] },
  },
  {
    what: "two allocations of one cache are two slots",
    allocations: [l2("0x0", "S/0/0xf"), l2("0x0", "R/0/0xf0")],
    needed: 2,
    masks: { "2/0x0": ["0xf", "0xf0"] },
  },
  {
    what: "an L3 that the board does not tell of has 16 ways",
    topology: board(2, [{ level: 2, id: "0x0", pcpus: [0, 1], ways: 8 }]),
    allocations: [l2("0x0", "S/0/0xf")],
    needed: 1,
    masks: { "3/0x0": ["0xffff"] },
  },
  { what: "nothing", allocations: [], needed: 0, closOf: { S: [] }, masks: { "3/0x0": [], "2/0x0": undefined } },
];

describe("ACRN's allocator of CLOS ids", () => {
  for (const { what, allocations, cdp = false, vcat = [], order, topology = TWO_L2, ...want } of rows)
    it(what, () => {
      const vms = vcat.map((key) => ({ ...vm(key, "post-launched", [0]), vcat: true }));
      const made = allocate(settings(allocations, { cdp, vcat: vcat.length > 0 }), vms, topology, order);
      assert.equal(made.needed, want.needed);
      for (const [key, ids] of Object.entries(want.closOf ?? {})) assert.deepEqual(made.closOf(key), ids, key);
      for (const [cache, masks] of Object.entries(want.masks ?? {})) {
        const [level, id] = cache.split("/");
        assert.deepEqual(made.masksOf(Number(level), id as string), masks, cache);
      }
    });
});
