import assert from "node:assert/strict";
import { allocate } from "../../../../provider/core/acrn/clos/allocator";
import { closFaults } from "../../../../provider/core/acrn/clos/faults";
import type { FormerAllocation } from "../../../../provider/core/acrn/clos/plan";
import type { ClosSettings, ClosVm } from "../../../../provider/core/acrn/clos/types";
import type { LaunchScript } from "../../../../provider/core/acrn/types";
import type { Topology } from "../../../../provider/core/hardware/types";
import { board, type CacheSpec, policies, settings, vm } from "./support";

const CACHES: CacheSpec[] = [
  { level: 2, id: "0x0", pcpus: [0, 1], ways: 8 },
  { level: 2, id: "0x1", pcpus: [2, 3], ways: 8 },
  { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 12 },
];
const BOARD = board(4, CACHES);
const VMS = [vm("S", "service", [0, 1, 2, 3]), vm("R", "post-launched", [2, 3], true), vm("N", "post-launched", [1])];

/** Nothing is wrong with these; each row breaks one thing of them. */
const L3 = ["S/0/0xff", "S/1/0xff", "S/2/0xff", "S/3/0xff", "N/0/0xff", "R/0/0xf00", "R/1/0xf00"];
const L2A = ["S/0/0xff", "S/1/0xff", "N/0/0xff"];
const L2B = ["S/2/0xf", "S/3/0xf", "R/0/0xf0", "R/1/0xf0"];
const of = (a = L3, b = L2A, c = L2B): FormerAllocation[] => [
  { level: 3, id: "0x0", policies: policies(...a) },
  { level: 2, id: "0x0", policies: policies(...b) },
  { level: 2, id: "0x1", policies: policies(...c) },
];
const swap = (list: string[], from: string, ...to: string[]) => list.flatMap((each) => (each === from ? to : [each]));

interface Row {
  what: string;
  allocations?: FormerAllocation[];
  topology?: Topology;
  vms?: ClosVm[];
  more?: Partial<ClosSettings>;
  scripts?: LaunchScript[];
  /** One of the few that ACRN's own rules refuse too. */
  told?: true;
  /** `rule vm/vcpu cache mask,mask`, errors; warnings with a ? before. */
  want: string[];
}

/** What ACRN accepts without a word (reference 3, "what ACRN never checks", and 5), all of which rules of section 5 let pass. */
const rows: Row[] = [
  { what: "nothing", want: [] },
  { what: "RDT off", more: { rdt: false }, allocations: of(["R/9/0x0"], [], []), want: [] },
  {
    what: "masks of a real-time VM and others meet in part",
    allocations: of(swap(swap(L3, "R/0/0xf00", "R/0/0xf80"), "R/1/0xf00", "R/1/0xf80")),
    want: ["clos.overlap R/0 L3 0x0 0xf80,0xff", "clos.overlap R/0 L3 0x0 0xf80,0xff"],
  },
  {
    what: "everyone has everything, as ACRN's editor proposes",
    allocations: of(
      L3.map((each) => each.replace(/[^/]*$/, "0xfff")),
      L2A,
      L2B.map((each) => each.replace(/[^/]*$/, "0xff")),
    ),
    want: ["clos.overlap R/0 L3 0x0 0xfff,0xfff", "clos.overlap R/0 L3 0x0 0xfff,0xfff"],
  },
  {
    what: "a vCPU of a real-time VM is with the rest, another one has ways of its own",
    allocations: of(swap(L3, "R/0/0xf00", "R/0/0xff")),
    want: ["?clos.shared R/0 L3 0x0 0xff,0xff", "?clos.shared R/0 L3 0x0 0xff,0xff"],
  },
  {
    what: "a mask with a gap",
    allocations: of(swap(swap(L3, "R/0/0xf00", "R/0/0xb00"), "R/1/0xf00", "R/1/0xb00")),
    want: ["clos.mask-gap R/0 L3 0x0 0xb00", "clos.mask-gap R/1 L3 0x0 0xb00"],
  },
  {
    what: "no way",
    allocations: of(L3, L2A, swap(swap(L2B, "R/0/0xf0", "R/0/0x0"), "R/1/0xf0", "R/1/0x0")),
    want: ["clos.mask-zero R/0 L2 0x1 0x0", "clos.mask-zero R/1 L2 0x1 0x0"],
  },
  {
    what: "wider than the cache",
    allocations: of(L3, L2A, swap(L2B, "R/1/0xf0", "R/1/0x1f0")),
    want: ["clos.mask-wide R/1 L2 0x1 0x1f0"],
  },
  {
    what: "no mask at all",
    allocations: of(L3, L2A, swap(L2B, "R/1/0xf0", "R/1/ways")),
    want: ["clos.mask-syntax R/1 L2 0x1 ways"],
  },
  {
    what: "an unknown VM",
    allocations: of([...L3, "X/0/0xff"]),
    want: ["clos.unknown-vm X L3 0x0 0xff"],
  },
  {
    what: "a name with blanks around it",
    allocations: of([...L3, " R /0/0xff"]),
    want: ["clos.unknown-vm  R  L3 0x0 0xff"],
  },
  {
    what: "an unknown vCPU",
    allocations: of([...L3, "R/2/0xf00"]),
    want: ["clos.unknown-vcpu R L3 0x0 0xf00"],
  },
  {
    what: "an unknown cache",
    allocations: [...of(), { level: 2, id: "0x9", policies: policies("S/0/0xff") }],
    want: ["clos.unknown-cache L2 0x9"],
  },
  {
    what: "a cache without CAT",
    topology: board(4, [{ level: 2, id: "0x0", pcpus: [0, 1] }, ...CACHES.slice(1)]),
    want: ["clos.unknown-cache L2 0x0"],
  },
  {
    what: "two policies for one vCPU and cache",
    allocations: of([...L3, "R/1/0xf00"]),
    want: ["clos.duplicate R L3 0x0 0xf00,0xf00"],
  },
  {
    what: "two allocations of one cache",
    allocations: [...of(), { level: 2, id: "0x1", policies: [] }],
    want: ["clos.duplicate-cache L2 0x1"],
  },
  {
    what: "a VM without any policy: the hypervisor divides by zero",
    allocations: of(swap(L3, "N/0/0xff"), swap(L2A, "N/0/0xff")),
    want: ["clos.no-policy N"],
  },
  {
    what: "a vCPU without a policy on one of its caches",
    allocations: of(swap(L3, "S/1/0xff")),
    want: ["clos.gap S/1 L3 0x0 0xff"],
  },
  {
    what: "policies for some vCPUs alone: another one's class for the rest",
    allocations: of(swap(L3, "R/0/0xf00"), L2A, swap(L2B, "R/0/0xf0")),
    want: ["clos.gap R/0 L2 0x1 0xf0", "clos.gap R/0 L3 0x0 0xf00"],
  },
  {
    what: "a mask of the L3 that is lost in the merge",
    topology: board(4, [CACHES[0] as CacheSpec, { ...(CACHES[2] as CacheSpec), pcpus: [2, 3] }]),
    vms: [vm("S", "service", [0, 1]), vm("R", "pre-launched", [2, 3], true)],
    allocations: [
      { level: 2, id: "0x0", policies: policies("S/0/0xff", "S/1/0xff") },
      { level: 3, id: "0x0", policies: policies("R/0/0xf0", "R/1/0xf0") },
    ],
    want: ["clos.lost R/0 L3 0x0 0xf0,0xfff", "clos.lost R/1 L3 0x0 0xf0,0xfff"],
  },
  {
    what: "more classes than the board has",
    topology: board(
      4,
      CACHES.map((cache) => ({ ...cache, clos: 2 })),
    ),
    told: true,
    want: ["clos.count"],
  },
  {
    what: "an L2 without CAT shared with a stranger while the L3 is cut",
    topology: board(4, [{ level: 2, id: "0x1", pcpus: [1, 2, 3] }, CACHES[2] as CacheSpec]),
    allocations: of().slice(0, 1),
    want: ["clos.l2-shared R/0 L2 0x1 0xf00", "clos.l2-shared R/1 L2 0x1 0xf00"],
  },
  {
    what: "the same, where the Service VM has the ways of the VM that takes its core",
    topology: board(4, [{ level: 2, id: "0x1", pcpus: [1, 2, 3] }, CACHES[2] as CacheSpec]),
    vms: [vm("S", "service", [2, 3]), ...VMS.slice(1)],
    allocations: of(["N/0/0xff", "S/0/0xf00", "S/1/0xf00", "R/0/0xf00", "R/1/0xf00"]).slice(0, 1),
    want: ["clos.l2-shared R/0 L2 0x1 0xf00", "clos.l2-shared R/1 L2 0x1 0xf00"],
  },
  {
    what: "the same, of two real-time VMs in one class",
    topology: board(4, [{ level: 2, id: "0x1", pcpus: [1, 2, 3] }, CACHES[2] as CacheSpec]),
    vms: [
      vm("S", "service", [0, 2, 3]),
      vm("R", "post-launched", [2], true),
      vm("T", "post-launched", [3], true),
      vm("N", "post-launched", [1]),
    ],
    allocations: of(["N/0/0xff", "S/0/0xff", "S/1/0xff", "S/2/0xff", "R/0/0xf00", "T/0/0xf00"]).slice(0, 1),
    want: ["?clos.shared R/0 L3 0x0 0xf00,0xf00", "clos.l2-shared R/0 L2 0x1 0xf00", "clos.l2-shared T/0 L2 0x1 0xf00"],
  },
  {
    what: "an L2 with CAT shared in the same ways with a stranger while the L3 is cut",
    vms: [...VMS.slice(0, 2), vm("N", "post-launched", [3])],
    allocations: of(L3, ["S/0/0xff", "S/1/0xff"], ["S/2/0xff", "S/3/0xff", "N/0/0xff", "R/0/0xff", "R/1/0xff"]),
    want: [
      "?clos.shared R/0 L2 0x1 0xff,0xff",
      "clos.l2-shared R/0 L2 0x1 0xff,0xff",
      "clos.l2-shared R/1 L2 0x1 0xff,0xff",
    ],
  },
  {
    what: "the same, in a part of them",
    vms: [...VMS.slice(0, 2), vm("N", "post-launched", [3])],
    allocations: of(L3, ["S/0/0xff", "S/1/0xff"], ["S/2/0xf", "S/3/0xf", "N/0/0x1f", "R/0/0xf0", "R/1/0xf0"]),
    want: [
      "clos.overlap R/0 L2 0x1 0xf0,0x1f",
      "clos.l2-shared R/0 L2 0x1 0xf0,0x1f",
      "clos.l2-shared R/1 L2 0x1 0xf0,0x1f",
    ],
  },
  {
    what: "a real-time vCPU without ways of its own beside another that has them",
    vms: VMS.map((each) => (each.key === "R" ? { ...each, realtimeVcpus: [true, true] } : each)),
    allocations: of(swap(L3, "R/0/0xf00", "R/0/0xff"), L2A, swap(L2B, "R/0/0xf0", "R/0/0xff")),
    want: ["clos.overlap R/0 L3 0x0 0xff,0xff", "clos.overlap R/0 L3 0x0 0xff,0xff"],
  },
  {
    what: "the same of a vCPU that does no real-time work",
    vms: VMS.map((each) => (each.key === "R" ? { ...each, realtimeVcpus: [false, true] } : each)),
    allocations: of(swap(L3, "R/0/0xf00", "R/0/0xff"), L2A, swap(L2B, "R/0/0xf0", "R/0/0xff")),
    want: ["?clos.shared R/0 L3 0x0 0xff,0xff", "?clos.shared R/0 L3 0x0 0xff,0xff"],
  },
  {
    what: "a script of a VM that the scenario lacks",
    scripts: [
      { path: "/root/n.sh", vm: "N" },
      { path: "/root/x.sh", vm: "X" },
    ],
    want: ["clos.dynamic-vm X"],
  },
  {
    what: "CDP and vCAT together",
    more: { cdp: true, vcat: true },
    allocations: of(
      ...([L3, L2A, L2B].map((list) => list.flatMap((each) => [`${each}/Code`, `${each}/Data`])) as [
        string[],
        string[],
        string[],
      ]),
    ),
    told: true,
    want: ["clos.vcat"],
  },
  {
    what: "RDT on a board without CAT",
    topology: board(
      4,
      CACHES.map(({ ways: _, ...cache }) => cache),
    ),
    allocations: [],
    want: ["clos.no-cat"],
  },
  {
    what: "two L3 caches with CAT",
    topology: board(6, [...CACHES, { level: 3, id: "0x1", pcpus: [4, 5], ways: 12 }]),
    want: ["clos.several-l3"],
  },
  {
    what: "one mask in two spellings",
    allocations: of(swap(L3, "R/1/0xf00", "R/1/0xF00")),
    want: ["clos.spelling R L3 0x0 0xf00,0xF00"],
  },
  {
    what: "the first policy is a real-time VM's",
    allocations: of([...L3].reverse()),
    want: ["clos.first R 0xf00"],
  },
  {
    what: "a real-time VM without LAPIC passthrough",
    vms: VMS.map((each) => ({ ...each, lapicPassthrough: false })),
    want: ["clos.lapic R"],
  },
  {
    what: "a type that CDP off does not find",
    allocations: of(swap(L3, "R/1/0xf00", "R/1/0xf00/Data")),
    want: ["clos.type R/1 L3 0x0 0xf00", "clos.gap R/1 L3 0x0 0xf00"],
  },
  {
    what: "ways of Software SRAM",
    topology: board(
      4,
      CACHES.map((cache) => (cache.level === 3 ? { ...cache, sram: 0x800 } : cache)),
    ),
    told: true,
    want: ["clos.sram R/0 L3 0x0 0xf00", "clos.sram R/1 L3 0x0 0xf00"],
  },
  {
    what: "ways of the GPU",
    topology: board(
      4,
      CACHES.map((cache) => (cache.level === 3 ? { ...cache, gpu: 0xc00 } : cache)),
    ),
    want: ["?clos.gpu R/0 L3 0x0 0xf00,0xc00", "?clos.gpu R/1 L3 0x0 0xf00,0xc00"],
  },
  {
    what: "a cache that is not the vCPU's, beside one that is",
    allocations: of(L3, [...L2A, "S/2/0xff"]),
    want: ["?clos.foreign-cache S/2 L2 0x0 0xff"],
  },
];

/** The rules of rdt_support.xsd that are about policies (reference 5): everything else is built. */
function refusedByAcrn(given: ClosSettings, vms: ClosVm[], topology: Topology): boolean {
  const least = Math.min(...topology.caches.flatMap(({ cat }) => (cat ? [cat.closNumber] : [])));
  const locked = given.allocations.some(({ level, id, policies: all }) =>
    all.some(
      ({ mask }) =>
        (Number(mask) & (topology.caches.find((c) => c.level === level && c.id === id)?.sramWays ?? 0)) !== 0,
    ),
  );
  return locked || (given.cdp && given.vcat) || allocate(given, vms, topology).needed >= least;
}

describe("faults of cache classes that ACRN accepts silently", () => {
  for (const { what, allocations = of(), topology = BOARD, vms = VMS, more, scripts = [], told, want } of rows)
    it(what, () => {
      assert.equal(refusedByAcrn(settings(allocations, more), vms, topology), told === true);
      const found = closFaults(settings(allocations, more), vms, topology, { scripts });
      const said = found.map(({ rule, severity, vm: name, vcpu, cache, masks }) =>
        [
          `${severity === "warning" ? "?" : ""}${rule}`,
          ...(name === undefined ? [] : [vcpu === undefined ? name : `${name}/${vcpu}`]),
          ...(cache ? [cache] : []),
          ...(masks ? [masks.join()] : []),
        ].join(" "),
      );
      assert.deepEqual(said, want);
      for (const { message, hint, line } of found) {
        assert.ok(message.length > 20 && hint.length > 20);
        assert.ok(Number.isInteger(line));
      }
    });
});

describe("faults of 2.x lists", () => {
  const said = (text: string) => ({ text, line: 5 });
  const lists = (masks: string[], ids: Record<string, string[]>, vms = VMS) =>
    closFaults(
      settings([], { dialect: "2.x", masks: masks.map(said) }),
      vms.map((each) => ({ ...each, ...(ids[each.key] ? { clos: (ids[each.key] as string[]).map(said) } : {}) })),
      BOARD,
    ).map(({ rule, vm: name, vcpu }) => `${rule} ${name ?? ""}${vcpu === undefined ? "" : `/${vcpu}`}`.trim());
  const good = { S: ["0", "0", "0", "0"], R: ["1", "1"], N: ["0"] };

  it("nothing", () => assert.deepEqual(lists(["0xf", "0xf0"], good), []));
  it("a mask too wide for the narrowest cache", () =>
    assert.deepEqual(lists(["0xf", "0xf00"], good), ["clos.mask-wide"]));
  it("a VM without a list", () => assert.deepEqual(lists(["0xf", "0xf0"], { S: good.S, R: good.R }), ["clos.gap N/0"]));
  it("an id that no mask is for", () =>
    assert.deepEqual(lists(["0xf", "0xf0"], { ...good, N: ["2"] }), ["clos.unknown-clos N/0", "clos.overlap R/0"]));
  it("masks that meet", () =>
    assert.deepEqual(lists(["0x1f", "0xf0"], good), ["clos.overlap R/0", "clos.overlap R/0"]));
  it("more masks than classes", () =>
    assert.deepEqual(lists(Array.from({ length: 9 }, () => "0xf").with(1, "0xf0"), good), ["clos.count"]));

  it("with CDP masks of data and code take turns, and the bandwidth's classes are not halved", () => {
    const counted = (count: number, cdp: boolean) => {
      const topology = { ...BOARD, clos: { resources: ["L2", "MBA"], max: [8, 4], masks: ["0xff", "0"] } };
      const masks = Array.from({ length: count }, (_, at) => said(at < 2 ? "0xf" : "0xf0"));
      const vms = VMS.map((each) => ({ ...each, clos: (good[each.key as keyof typeof good] ?? []).map(said) }));
      return closFaults(settings([], { dialect: "2.x", masks, cdp }), vms, topology).map(({ rule }) => rule);
    };
    assert.deepEqual(counted(8, true), []);
    assert.deepEqual(counted(10, true), ["clos.count"]);
    assert.ok(counted(5, false).includes("clos.count"));
    assert.ok(!counted(4, false).includes("clos.count"));
    assert.ok(counted(3, true).includes("clos.unknown-clos"), "a mask of data without one of code is no class");
  });
});
