import type { BoardSpec, CacheSpec, CoreSpec } from "./spec";

/** A board spec with every default taken: which pCPU, which APIC id, which cache. Tests compare the reader with this. */
export interface BoardLayout {
  hybrid: boolean;
  threads: ThreadLayout[];
  cores: CoreLayout[];
  caches: CacheLayout[];
}

export interface ThreadLayout {
  cpu: number;
  apicId: number;
  core: number;
  type: "P" | "E";
}

export interface CoreLayout {
  index: number;
  type: "P" | "E";
  threads: ThreadLayout[];
}

export interface CacheLayout {
  level: number;
  id: string;
  /** 1 data, 2 instruction, 3 unified. */
  type: 1 | 2 | 3;
  threads: ThreadLayout[];
  ways: number;
  size: number;
  cat?: { maskLength: number; clos: number; cdp: boolean };
  gtWayMask?: string;
}

export function layOut(spec: BoardSpec): BoardLayout {
  const coreSpecs = spec.cores ?? shortForm(spec);
  if (coreSpecs.length === 0) throw new Error(`board ${spec.name}: no cores`);
  const hybrid = spec.hybrid ?? coreSpecs.some((core) => core.type === "E");
  const bases = apicBases(spec, coreSpecs, hybrid);
  const cores = coreSpecs.map((core, index): CoreLayout => {
    const type = core.type ?? "P";
    const threads = Array.from({ length: core.threads ?? 1 }, (_, thread): ThreadLayout => {
      return { cpu: -1, apicId: (bases[index] as number) + thread, core: index, type };
    });
    return { index, type, threads };
  });
  const threads = numberThreads(cores, spec.numbering ?? (hybrid ? "siblings-together" : "siblings-last"));
  return { hybrid, threads, cores, caches: cachesOf(spec, cores) };
}

function shortForm({ pCores, eCores = 0, smt = false }: BoardSpec): CoreSpec[] {
  const count = pCores ?? (eCores > 0 ? 0 : 4);
  return [
    ...Array.from({ length: count }, (): CoreSpec => ({ type: "P", threads: smt ? 2 : 1 })),
    ...Array.from({ length: eCores }, (): CoreSpec => ({ type: "E", threads: 1 })),
  ];
}

/** The cores of one L2: neighbours of one type, up to the spec's number of pCPUs. */
function l2Groups(spec: BoardSpec, cores: CoreSpec[]): number[][] {
  const groups: { type: string; cores: number[]; threads: number }[] = [];
  cores.forEach(({ type = "P", threads = 1 }, index) => {
    const limit = type === "E" ? (spec.eClusterSize ?? 4) : (spec.l2SharedBy ?? 1);
    const last = groups.at(-1);
    if (last && last.type === type && last.threads + threads <= limit) {
      last.cores.push(index);
      last.threads += threads;
    } else groups.push({ type, cores: [index], threads });
  });
  return groups.map((group) => group.cores);
}

/**
 * The first APIC id of each core. What shares a cache agrees in the upper bits of the id (SDM vol. 3, "Hierarchical
 * mapping of shared resources"), so a group starts at a multiple of a power of two that holds it.
 */
function apicBases(spec: BoardSpec, cores: CoreSpec[], hybrid: boolean): number[] {
  const step = spec.apicStep ?? (hybrid ? 8 : 2);
  const bases: number[] = [];
  let next = 0;
  for (const group of l2Groups(spec, cores)) {
    const inside = group.length > 1 && hybrid ? Math.min(step, 2) : step;
    const threads = Math.max(...group.map((core) => cores[core]?.threads ?? 1));
    if (threads > inside) throw new Error(`board ${spec.name}: APIC step ${step} leaves no room for SMT`);
    const span = group.length > 1 ? powerOfTwo(group.length * inside) : step;
    next = Math.ceil(next / span) * span;
    for (const [position, core] of group.entries()) bases[core] = next + position * inside;
    next += Math.max(span, step);
  }
  return bases;
}

function powerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}

function numberThreads(cores: CoreLayout[], numbering: "siblings-last" | "siblings-together"): ThreadLayout[] {
  const all = cores.flatMap((core) => core.threads);
  const first = (thread: ThreadLayout) => cores[thread.core]?.threads[0] === thread;
  const order =
    numbering === "siblings-together" ? all : [...all.filter(first), ...all.filter((thread) => !first(thread))];
  order.forEach((thread, cpu) => {
    thread.cpu = cpu;
  });
  return order;
}

function cachesOf(spec: BoardSpec, cores: CoreLayout[]): CacheLayout[] {
  const l1 = cores.map((core) => core.threads);
  const l2 = l2Groups(
    spec,
    cores.map(({ type, threads }) => ({ type, threads: threads.length as 1 | 2 })),
  ).map((group) => group.flatMap((core) => cores[core]?.threads ?? []));
  const l2Ids = cacheIds(l2);
  return [
    ...cacheIds(l1).flatMap((id, index) => [
      { level: 1, id, type: 1 as const, threads: l1[index] ?? [], ways: 12, size: 49152 },
      { level: 1, id, type: 2 as const, threads: l1[index] ?? [], ways: 8, size: 32768 },
    ]),
    ...l2.map((threads, index) => {
      const own = threads[0]?.type === "E" ? (spec.eL2 ?? spec.l2) : spec.l2;
      return { level: 2, id: l2Ids[index] as string, threads, ...unified(own ?? {}, 20, 65536) };
    }),
    ...l3Of(
      spec,
      cores.flatMap((core) => core.threads),
    ),
  ];
}

function l3Of(spec: BoardSpec, threads: ThreadLayout[]): CacheLayout[] {
  if (spec.l3 === false) return [];
  const cache: CacheLayout = { level: 3, id: "0x0", threads, ...unified(spec.l3 ?? {}, 12, 1048576) };
  if (spec.l3?.gtWayMask) cache.gtWayMask = spec.l3.gtWayMask;
  return [cache];
}

function unified(
  spec: CacheSpec,
  defaultWays: number,
  waySize: number,
): Pick<CacheLayout, "type" | "ways" | "size" | "cat"> {
  const ways = spec.ways ?? defaultWays;
  const base = { type: 3 as const, ways, size: spec.size ?? ways * waySize };
  if (!spec.cat) return base;
  const cat = spec.cat === true ? {} : spec.cat;
  return { ...base, cat: { maskLength: cat.maskLength ?? ways, clos: cat.clos ?? 8, cdp: cat.cdp ?? false } };
}

/** A cache's id is the APIC id of its CPUs without the low bits that CPUID leaf 4 gives to sharers; the position, where that is not one to one. */
function cacheIds(groups: ThreadLayout[][]): string[] {
  for (let shift = 12; shift >= 0; shift--) {
    const ids = groups.map((threads) => new Set(threads.map((thread) => thread.apicId >> shift)));
    const values = ids.map((group) => [...group][0] as number);
    if (ids.every((group) => group.size === 1) && new Set(values).size === groups.length)
      return values.map((value) => `0x${value.toString(16)}`);
  }
  return groups.map((_, index) => `0x${index.toString(16)}`);
}
