import { dataCaches } from "../../hardware/topology";
import type { Topology } from "../../hardware/types";
import { formatMask, fullMask } from "../../hardware/ways";
import type { Allocated, Allocation, ClosSettings, ClosVm, Policy } from "./types";

/** v3.0 compared vCPU numbers as texts, v3.1 and later as numbers (reference 3, steps 3 and 7). */
export type VcpuOrder = "number" | "text";

/** One CLOS in the making: a mask for the L3, one for each L2 that has an allocation; undefined: none, which matches anything. */
interface Entry {
  l2: (string | undefined)[];
  l3: string | undefined;
  /** `vm\nvcpu\ntype`. */
  owners: string[];
  /** Of a VM with vCAT: it takes nobody in. */
  alone: boolean;
}

/**
 * ACRN's own way from policies to CLOS ids and masks, defects included: a mask of the L3 is lost when its entry joins one
 * without, and texts of equal value are different. Reference, section 3
 * [3.4-dev misc/config_tools/library/rdt.py, static_allocators/clos.py; the same since v3.1, but for the order in v3.0].
 */
export function allocate(
  settings: Pick<ClosSettings, "allocations" | "cdp" | "vcat">,
  vms: readonly Pick<ClosVm, "key" | "vcat">[],
  topology: Topology,
  order: VcpuOrder = "number",
): Allocated {
  const { allocations, cdp, vcat } = settings;
  // Sorted as text, and an id that has two allocations is there twice (step 1).
  const l2Ids = allocations.flatMap(({ level, id }) => (level === 2 ? [id] : [])).sort();
  const byVcpu = indexed(allocations);
  const withVcat = new Set(vcat && !cdp ? vms.filter((vm) => vm.vcat).map((vm) => vm.key) : []);
  const made = allocations.flatMap(({ policies }) =>
    policies.flatMap((policy): Entry[][] => {
      const vcpu = normal(policy.vcpu, order);
      const all = byVcpu.get(`${policy.vm}\n${vcpu}`) ?? [];
      const entry = (type: string, list: readonly Found[]) =>
        entryOf(list, l2Ids, `${policy.vm}\n${vcpu}\n${type}`, withVcat.has(policy.vm));
      if (!cdp) return [[entry(policy.type, all)]];
      if (policy.type !== "Data") return [];
      const of = (type: string) => all.filter(({ policy: each }) => each.type === type);
      return [[entry("Data", of("Data")), entry("Code", of("Code"))]];
    }),
  );
  const entries = merged(made).flat();
  const ids = new Map<string, number>();
  for (const [at, { owners }] of entries.entries()) for (const owner of owners) if (!ids.has(owner)) ids.set(owner, at);
  const lists = new Map<string, string[] | undefined>();
  const listOf = (level: number, id: string) => {
    const key = level === 3 ? "L3" : id;
    if (!lists.has(key)) lists.set(key, masksOf(level, id, entries, l2Ids, topology));
    return lists.get(key);
  };
  return {
    needed: entries.length,
    closOf: (vm) => closIds(allocations, vm, ids, cdp, order),
    masksOf: listOf,
  };
}

interface Found {
  level: number;
  id: string;
  policy: Policy;
}

/** What `POLICY[VM = .. and VCPU = ..]` finds, by both texts. */
function indexed(allocations: readonly Allocation[]): Map<string, Found[]> {
  const out = new Map<string, Found[]>();
  for (const { level, id, policies } of allocations)
    for (const policy of policies) {
      const key = `${policy.vm}\n${policy.vcpu}`;
      const list = out.get(key);
      if (list) list.push({ level, id, policy });
      else out.set(key, [{ level, id, policy }]);
    }
  return out;
}

/** Python's int(): `01` becomes 1, which the search for the text then no longer finds. */
function normal(vcpu: string, order: VcpuOrder): string {
  return order === "text" || !/^\s*[+-]?\d+\s*$/.test(vcpu) ? vcpu : String(Number(vcpu));
}

/** Of several masks for a level the last one counts, wherever it is from (step 3). */
function entryOf(found: readonly Found[], l2Ids: readonly string[], owner: string, alone: boolean): Entry {
  const l2 = found.findLast(({ level }) => level === 2);
  const l3 = found.findLast(({ level }) => level !== 2);
  return {
    l2: l2Ids.map((id) => (id === l2?.id ? l2.policy.mask : undefined)),
    l3: l3?.policy.mask,
    owners: [owner],
    alone,
  };
}

/** Each joins the first that matches (step 4); of a pair (CDP) both have to. */
function merged(made: readonly Entry[][]): Entry[][] {
  const out: Entry[][] = [];
  for (const group of made) {
    const host = out.find(
      (other) => !other[0]?.alone && other.every((entry, at) => matches(entry, group[at] as Entry)),
    );
    if (!host) out.push(group);
    else for (const [at, entry] of host.entries()) absorb(entry, group[at] as Entry);
  }
  return out;
}

function matches(a: Entry, b: Entry): boolean {
  return fits(a.l3, b.l3) && a.l2.every((mask, at) => fits(mask, b.l2[at]));
}

function fits(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** A missing mask of an L2 is filled in; one of the L3 is not (rdt.py, L3Policy.merge_policy). */
function absorb(host: Entry, guest: Entry): void {
  for (const [at, mask] of guest.l2.entries()) host.l2[at] ??= mask;
  host.owners.push(...guest.owners);
}

/** Ids of the distinct vCPU numbers that have a policy, ascending; an owner that is not found has 0 (step 7, get_clos_id). */
function closIds(
  allocations: readonly Allocation[],
  vm: string,
  ids: ReadonlyMap<string, number>,
  cdp: boolean,
  order: VcpuOrder,
): number[] {
  const texts = new Set(allocations.flatMap(({ policies }) => policies.filter((p) => p.vm === vm).map((p) => p.vcpu)));
  const vcpus = [...texts].map((text) => normal(text, order));
  vcpus.sort(order === "text" ? undefined : (a, b) => Number(a) - Number(b));
  return vcpus.map((vcpu) => {
    const owner = `${vm}\n${vcpu}\n${cdp ? "Data" : "Unified"}`;
    const at = ids.get(owner) ?? 0;
    return cdp ? Math.floor(at / 2) : at;
  });
}

/** One list for all L3 caches, one for each L2 that is named; where nothing is said, all ways of the first such cache (step 6). */
function masksOf(
  level: number,
  id: string,
  entries: readonly Entry[],
  l2Ids: readonly string[],
  topology: Topology,
): string[] | undefined {
  const slot = l2Ids.indexOf(id);
  if (level === 2 && slot < 0) return undefined;
  const cache = dataCaches(topology, level).find((each) => each.cat && (level !== 2 || each.id === id));
  const fallback = cache?.cat ? formatMask(fullMask(cache.cat.maskLength)) : "0xffff";
  return entries.map(({ l2, l3 }) => (level === 2 ? l2[slot] : l3) ?? fallback);
}
