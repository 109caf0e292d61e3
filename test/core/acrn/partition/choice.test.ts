import assert from "node:assert/strict";
import { type Case, chosen, HYBRID, ONE_L2, plan, QUAD, SMT } from "./support";

const SVM = "SVM service";

interface Row extends Case {
  name: string;
  chosen: Record<string, string>;
  /** VM that is refused for want of room, and what is said. */
  refused?: [string, RegExp];
  why?: RegExp;
  evicted?: string[];
}

const rows: Row[] = [
  {
    name: "the lowest free core, not pCPU 0's",
    vms: [SVM],
    wanted: { N: { cores: 1 } },
    chosen: { N: "1" },
    why: /not 0 \(pCPU 0's core\)/,
  },
  {
    name: "what the scenario gives it already",
    vms: [SVM, "RT1 rt 3"],
    wanted: { RT1: { cores: 1 } },
    chosen: { RT1: "3" },
    why: /already/,
  },
  {
    name: "its former choice comes before the scenario's",
    vms: [SVM, "RT1 rt 3"],
    former: { RT1: [2] },
    wanted: { RT1: { cores: 1 } },
    chosen: { RT1: "2" },
    why: /former choice/,
  },
  {
    name: "a former choice of another size is none",
    vms: [SVM],
    former: { N: [3] },
    wanted: { N: { cores: 2 } },
    chosen: { N: "1,2" },
  },
  {
    name: "a former choice that is now illegal is left",
    vms: [SVM, "A post 3"],
    former: { N: [3] },
    wanted: { N: { cores: 1 } },
    chosen: { N: "1" },
  },
  {
    name: "a former choice that evicts stays, though a free core is there",
    vms: [SVM, "A post 0,2"],
    former: { N: [2] },
    neighbours: "evict",
    wanted: { N: { cores: 1 } },
    chosen: { N: "2" },
    evicted: ["A"],
  },
  {
    name: "of two evictions the one that moves fewer VMs",
    vms: [SVM, "A post 0,1,2", "B post 0,1", "RT1 rt 3"],
    neighbours: "evict",
    wanted: { N: { cores: 1 } },
    chosen: { N: "2" },
    evicted: ["A"],
  },
  {
    name: "a former choice on pCPUs that are gone",
    vms: [SVM],
    former: { N: [7] },
    wanted: { N: { cores: 1 } },
    chosen: { N: "1" },
  },
  {
    name: "a former choice gives way when another cannot be placed otherwise",
    board: HYBRID,
    vms: [SVM, "A post 4"],
    former: { N: [8, 9, 10, 11] },
    wanted: { N: { cores: 4, kind: "E" }, M: { cores: 1, kind: "P" } },
    chosen: { M: "2,3", N: "8,9,10,11" },
  },
  {
    name: "all threads of a core",
    board: SMT,
    vms: [SVM],
    wanted: { N: { cores: 2 } },
    chosen: { N: "2,3,4,5" },
    why: /all threads of whole cores/,
  },
  {
    name: "not a neighbour's",
    vms: [SVM, "A post 1"],
    wanted: { N: { cores: 1 } },
    chosen: { N: "2" },
    why: /1 \(A\)/,
  },
  {
    name: "free ones first, even with evict",
    vms: [SVM, "A post 0,1"],
    neighbours: "evict",
    wanted: { N: { cores: 2 } },
    chosen: { N: "2,3" },
  },
  {
    name: "evicts what it must",
    vms: [SVM, "A post 0,1"],
    neighbours: "evict",
    wanted: { N: { cores: 3 } },
    chosen: { N: "1,2,3" },
    evicted: ["A"],
    why: /taken from A/,
  },
  {
    name: "of two neighbours the one that keeps a CPU",
    vms: [SVM, "A post 1", "B post 2,0", "C post 3"],
    neighbours: "evict",
    wanted: { N: { cores: 1 } },
    chosen: { N: "2" },
    evicted: ["B"],
  },
  { name: "explicit before automatic", vms: [SVM], wanted: { A: { cores: 1 }, Z: [1] }, chosen: { A: "2", Z: "1" } },
  { name: "P-cores", board: HYBRID, vms: [SVM], wanted: { N: { cores: 1, kind: "P" } }, chosen: { N: "2,3" } },
  {
    name: "E-cores: a whole cluster",
    board: HYBRID,
    vms: [SVM],
    wanted: { N: { cores: 4, kind: "E" } },
    chosen: { N: "4,5,6,7" },
    why: /no stranger/,
  },
  {
    name: "no kind: P-cores, never mixed",
    board: HYBRID,
    vms: [SVM],
    wanted: { N: { cores: 1 }, M: { cores: 4 } },
    chosen: { M: "4,5,6,7", N: "2,3" },
  },
  {
    name: "no kind: E-cores when P-cores do not suffice",
    board: HYBRID,
    vms: [SVM],
    wanted: { N: { cores: 8 } },
    chosen: { N: "4,5,6,7,8,9,10,11" },
  },
  {
    name: "part of a cluster, allowed beside the Service VM",
    board: HYBRID,
    vms: [SVM],
    sharing: { l2: ["Service VM"] },
    wanted: { N: { cores: 2, kind: "E" } },
    chosen: { N: "4,5" },
    why: /shared with SVM as allowed/,
  },
  {
    name: "an own L2 before an allowed shared one",
    board: {
      cores: [
        { type: "P" },
        { type: "P" },
        { type: "P" },
        { type: "P" },
        { type: "E" },
        { type: "E" },
        { type: "E" },
        { type: "E" },
      ],
      l2SharedBy: 2,
    },
    vms: [SVM],
    sharing: { l2: ["Service VM"] },
    wanted: { N: { cores: 2 } },
    chosen: { N: "2,3" },
  },
  {
    name: "two VMs of the map in one cluster, when one is named",
    board: HYBRID,
    vms: [SVM],
    sharing: { l2: ["M"] },
    wanted: { M: { cores: 2, kind: "E" }, N: { cores: 2, kind: "E" } },
    chosen: { M: "4,5", N: "6,7" },
  },
  {
    name: "an explicit choice is mended by its neighbour",
    board: HYBRID,
    vms: [SVM],
    sharing: { l2: ["N"] },
    wanted: { M: [8, 9], N: { cores: 2, kind: "E" } },
    chosen: { M: "8,9", N: "10,11" },
  },
  {
    name: "an explicit choice is mended, though there are better places",
    board: { pCores: 4, eCores: 4, eClusterSize: 4 },
    vms: [SVM],
    sharing: { l2: ["N"] },
    wanted: { M: [4, 5], N: { cores: 2 } },
    chosen: { M: "4,5", N: "6,7" },
  },
  {
    name: "nobody is evicted when one of the map can go elsewhere instead",
    board: { pCores: 7, eCores: 4, eClusterSize: 4 },
    vms: [SVM, "A post 0,5,6"],
    neighbours: "evict",
    wanted: { M: { cores: 4 }, N: { cores: 2 } },
    chosen: { M: "7,8,9,10", N: "1,2" },
  },
  {
    name: "an own L2 for one, where another has to share",
    board: {
      cores: [{}, {}, {}, {}, { threads: 2 }, { type: "E" }, { type: "E" }],
      numbering: "siblings-together",
      l2SharedBy: 2,
      eClusterSize: 2,
    },
    vms: [SVM],
    sharing: { l2: ["Service VM"] },
    wanted: { N: { cores: 1 }, Z: { cores: 1, kind: "E" } },
    chosen: { N: "4,5", Z: "6" },
  },
  {
    name: "where the script is, when it binds",
    vms: [SVM, "RT1 rt 1,3"],
    scripts: [{ path: "/l.sh", vm: "RT1", cpus: [6], line: 3 }],
    wanted: { RT1: { cores: 1 } },
    chosen: { RT1: "3" },
  },
  {
    name: "not where a neighbour's script binds it",
    vms: [SVM, "A post 0,1", "B post 0,2,3"],
    scripts: [{ path: "/l.sh", vm: "A", cpus: [0, 2], line: 3 }],
    neighbours: "evict",
    wanted: { N: { cores: 1 } },
    chosen: { N: "2" },
    evicted: ["B"],
  },
  {
    name: "no room",
    vms: [SVM, "A post 1", "RT1 rt 2"],
    wanted: { N: { cores: 2 } },
    chosen: {},
    refused: [
      "N",
      /wants 2 cores, 1 is free \(3\); the rest: 0 \(pCPU 0's core\), 1 \(A\), 2 \(RT1, which is a real-time VM\).*fewer cores/,
    ],
  },
  {
    name: "no room, but eviction would make it",
    vms: [SVM, "A post 0,1"],
    wanted: { N: { cores: 3 } },
    chosen: {},
    refused: ["N", /neighbours: "evict"/],
  },
  {
    name: "no room: the L2 is shared",
    board: ONE_L2,
    vms: [SVM],
    wanted: { N: { cores: 1 } },
    chosen: {},
    refused: ["N", /L2 shared with SVM.*l2: \["SVM"\]/],
  },
  {
    name: "no room: the kind is not told",
    vms: [SVM],
    wanted: { N: { cores: 1, kind: "P" } },
    board: { pCores: 4, hybrid: false },
    chosen: {},
    refused: ["N", /leave out `kind`/],
  },
  {
    name: "no room for one: the others are placed",
    vms: [SVM],
    wanted: { A: { cores: 2 }, B: { cores: 2 }, C: { cores: 1 } },
    chosen: { A: "1,2", C: "3" },
    refused: ["B", /wants 2 cores, 1 is free/],
  },
  {
    name: "the Service VM keeps one",
    vms: ["S pre 0", SVM],
    wanted: { N: { cores: 3 } },
    chosen: {},
    refused: ["N", /wants 3 cores/],
  },
];

describe("partition: automatic choice", () => {
  for (const { name, chosen: expected, refused, why, evicted = [], ...given } of rows)
    it(name, () => {
      const result = plan(given);
      assert.deepEqual(chosen(result), expected);
      assert.deepEqual(
        result.evictions.map(({ vm }) => vm),
        evicted,
      );
      assert.deepEqual(
        result.refusals.map(({ vm, code }) => [vm, code]),
        refused ? [[refused[0], "cores.does-not-fit"]] : [],
      );
      if (refused) assert.match(`${result.refusals[0]?.message} ${result.refusals[0]?.hint}`, refused[1]);
      if (why) assert.match(result.assignments[0]?.why ?? "", why);
    });

  it("needs a board that tells cores and caches; explicit numbers do not, and that is said", () => {
    const given: Case = {
      board: { ...QUAD, structured: false },
      vms: [SVM, "RT1 rt 2"],
      wanted: { RT1: [2], N: { cores: 1 } },
    };
    const result = plan(given);
    assert.deepEqual(chosen(result), { RT1: "2" });
    assert.deepEqual(
      result.refusals.map(({ code, vm }) => [code, vm]),
      [["cores.unknown-topology", "N"]],
    );
    assert.match(result.warnings.join("\n"), /does not tell cores[\s\S]*does not tell caches/);
  });

  it("a script that binds the VM elsewhere is named, with the numbers to put", () => {
    const scripts = [{ path: "/l.sh", vm: "RT1", cpus: [4, 6], line: 3 }];
    const result = plan({ vms: [SVM, "RT1 rt 2,3"], scripts, wanted: { RT1: { cores: 1 } } });
    assert.deepEqual(result.refusals, []);
    assert.match(result.warnings.join("\n"), /\/l\.sh:3 starts RT1.*Put 2 there \(APIC ids\)/);
  });

  it("a large board ends, with a choice or with a word for every VM", function () {
    this.timeout(120_000); // the search is bounded by its steps, not by a clock
    const board = {
      cores: Array.from({ length: 32 }, (_, at) => ({ type: at < 16 ? ("P" as const) : ("E" as const) })),
      eClusterSize: 4 as const,
    };
    const vms = [SVM, ...Array.from({ length: 20 }, (_, at) => `A${at} post ${at},${at + 11}`)];
    const wanted = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`N${at}`, { cores: 3 + (at % 3) }]));
    for (const neighbours of ["refuse", "evict"] as const) {
      const { assignments, refusals } = plan({ board, vms, wanted, neighbours });
      const answered = new Set([...assignments, ...refusals].map(({ vm }) => vm));
      for (const vm of Object.keys(wanted)) assert.ok(answered.has(vm), `${neighbours}: nothing is said of ${vm}`);
    }
  });
});
