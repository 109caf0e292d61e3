import fc from "fast-check";
import type {
  ClassWish,
  ClosDeclaration,
  ClosPlanInput,
  FormerAllocation,
} from "../../../../provider/core/acrn/clos/plan";
import type { ClosSettings, ClosVm } from "../../../../provider/core/acrn/clos/types";
import type { Cache, Topology } from "../../../../provider/core/hardware/types";

export interface CacheSpec {
  level: number;
  id: string;
  pcpus: number[];
  ways?: number;
  clos?: number;
  size?: number;
  cdp?: boolean;
  sram?: number;
  gpu?: number;
}

/** A board as rules see it: each pCPU a core of its own. `ways` makes a cache one with CAT. */
export function board(pcpus: number, caches: CacheSpec[]): Topology {
  return {
    pcpus: Array.from({ length: pcpus }, (_, id) => ({ id, apicId: id * 2, core: id, type: "unknown" as const })),
    cores: Array.from({ length: pcpus }, (_, index) => ({ index, type: "unknown" as const, pcpus: [index] })),
    caches: caches.map(cacheOf),
    pci: [],
    cachesKnown: true,
    coresKnown: true,
    missing: [],
  };
}

function cacheOf({ level, id, pcpus, ways, clos = 8, size, cdp = false, sram, gpu }: CacheSpec): Cache {
  return {
    level,
    id,
    type: 3,
    pcpus,
    cdp,
    ...(ways === undefined ? {} : { cat: { maskLength: ways, closNumber: clos } }),
    ...(size === undefined ? {} : { size }),
    ...(sram === undefined ? {} : { sramWays: sram }),
    ...(gpu === undefined ? {} : { gpuWays: gpu }),
  };
}

export function vm(key: string, load: ClosVm["load"], pcpus: number[], realtime = false): ClosVm {
  return { key, load, realtime, lapicPassthrough: realtime, pcpus, vcat: false, line: 1 };
}

/** `RT0/0/0xff` -> a policy of vCPU 0 of RT0; with `Data` or `Code` behind for CDP. */
export function policies(...texts: string[]): FormerAllocation["policies"] {
  return texts.map((text) => {
    const [name = "", vcpu = "", mask = "", type = "Unified"] = text.split("/");
    return { vm: name, vcpu, mask, type };
  });
}

export function settings(allocations: FormerAllocation[], more: Partial<ClosSettings> = {}): ClosSettings {
  return {
    dialect: "3.x",
    rdt: true,
    cdp: false,
    vcat: false,
    line: 1,
    masks: [],
    delays: [],
    allocations: allocations.map((a, at) => ({
      ...a,
      line: 10 * (at + 1),
      policies: a.policies.map((p, i) => ({ ...p, line: 10 * (at + 1) + i + 1 })),
    })),
    ...more,
  };
}

export function wish(vms: ClassWish["vms"], more: Partial<ClassWish> = {}): ClassWish {
  return { vms, exclusive: true, ...more };
}

interface Shape {
  clusters: { cpus: number; ways: number; cat: boolean }[];
  l3: { ways: number; cat: boolean; over: number } | undefined;
  clos: number;
}

const mostly = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);

const shape: fc.Arbitrary<Shape> = fc.record({
  clusters: fc.array(
    fc.record({ cpus: fc.integer({ min: 1, max: 4 }), ways: fc.integer({ min: 4, max: 32 }), cat: mostly }),
    { minLength: 2, maxLength: 6 },
  ),
  l3: fc.option(
    fc.record({ ways: fc.integer({ min: 8, max: 20 }), cat: mostly, over: fc.integer({ min: 1, max: 6 }) }),
    { nil: undefined },
  ),
  clos: fc.constantFrom(4, 8, 16),
});

function boardOf({ clusters, l3, clos }: Shape): Topology {
  let next = 0;
  const lists = clusters.map(({ cpus }) => Array.from({ length: cpus }, () => next++));
  const caches: CacheSpec[] = clusters.map(({ ways, cat }, at) => ({
    level: 2,
    id: `0x${at.toString(16)}`,
    pcpus: lists[at] as number[],
    clos,
    ...(cat ? { ways } : {}),
  }));
  const covered = lists.slice(0, l3?.over ?? 0).flat();
  if (l3) caches.push({ level: 3, id: "0x0", pcpus: covered, clos, ...(l3.cat ? { ways: l3.ways } : {}) });
  return board(next, caches);
}

/** Boards, VMs on them, and a declaration that often fits. */
export const cases: fc.Arbitrary<Omit<ClosPlanInput, "former">> = shape.chain((made) => {
  const topology = boardOf(made);
  const n = topology.pcpus.length;
  const roles = fc.array(fc.constantFrom("service", "rt0", "rt1", "rt2", "std0", "pre"), {
    minLength: n,
    maxLength: n,
  });
  const share = fc.option(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom("0xc", "0x8") },
    ),
    {
      nil: undefined,
    },
  );
  const classes = fc.array(fc.record({ l2: share, l3: share }), { minLength: 4, maxLength: 4 });
  return fc
    .record({ roles, classes, grouped: fc.boolean(), gpu: fc.constantFrom(undefined, "0x1", "0x3") })
    .map((r) => {
      const on = (role: string) => r.roles.flatMap((each, id) => (each === role ? [id] : []));
      const pre = on("pre");
      const vms = [
        vm(
          "SVM",
          "service",
          topology.pcpus.map(({ id }) => id).filter((id) => !pre.includes(id)),
        ),
        ...["rt0", "rt1", "rt2"].map((key) => vm(key, "post-launched", on(key), true)),
        vm("std0", "post-launched", on("std0")),
        vm("pre", "pre-launched", pre, true),
      ].filter(({ pcpus }) => pcpus.length > 0);
      const named = ["rt0", "rt1", "rt2", "pre"].filter((key) => vms.some((each) => each.key === key));
      const groups =
        r.grouped && named.length > 1 ? [named.slice(0, 2), ...named.slice(2).map((k) => [k])] : named.map((k) => [k]);
      const declaration: ClosDeclaration = {
        classes: Object.fromEntries(
          groups.map((keys, at) => [
            `c${at}`,
            wish(
              Object.fromEntries(keys.map((key) => [key, "all" as const])),
              reached(topology, vms, keys, r.classes[at] ?? {}),
            ),
          ]),
        ),
        cdp: false,
        ...(r.gpu === undefined ? {} : { gpuWays: r.gpu }),
      };
      return { declaration, topology, vms };
    });
});

/** Shares of the levels that the class has a cache with CAT on. */
function reached(
  topology: Topology,
  vms: readonly ClosVm[],
  keys: readonly string[],
  shares: { l2?: number | string | undefined; l3?: number | string | undefined },
): Partial<ClassWish> {
  const cpus = vms.filter(({ key }) => keys.includes(key)).flatMap(({ pcpus }) => pcpus);
  const on = (level: number) =>
    topology.caches.some((c) => c.level === level && c.cat && c.pcpus.some((p) => cpus.includes(p)));
  return {
    ...(shares.l2 !== undefined && on(2) ? { l2: shares.l2 } : {}),
    ...(shares.l3 !== undefined && on(3) ? { l3: shares.l3 } : {}),
  };
}
