/** The classes that an image was built with: what ACRN's static allocator leaves, and the hypervisor writes into the MSRs. */
export interface ClosTable {
  cdp: boolean;
  /** By CLOS id (with CDP: data and code by turns), for the L3, and for each L2 that is named; others have all ways. */
  l3: string[];
  l2: Readonly<Record<string, string[]>>;
  /** `vcpu_clos` of each VM, by its id. */
  vcpus: Readonly<Record<string, number[]>>;
}

/** What one vCPU really has. */
export interface VcpuClos {
  vcpu: number;
  pcpu: number;
  clos: number;
  /** By cache with CAT that covers the pCPU: `L3 0x0`, `L2 0x2`; with CDP of data, code apart. */
  masks: Readonly<Record<string, string>>;
  code?: Readonly<Record<string, string>>;
}

/** A cache with CAT, as the board has it. */
export interface CatCache {
  level: 2 | 3;
  id: string;
  length: number;
  clos: number;
  cdp: boolean;
  apicIds: number[];
}

/**
 * vCPU i runs on the i-th smallest pCPU and takes `vcpu_clos[i % count]` [hypervisor/arch/x86/guest/vmsr.c, prepare_auto_msr_area]. Undefined
 * where there is nothing to divide by.
 */
export function classesOf(
  table: ClosTable,
  vmId: string,
  pcpus: readonly number[],
  caches: readonly CatCache[],
  apicIdOf: (pcpu: number) => number | undefined,
): VcpuClos[] | undefined {
  const ids = table.vcpus[vmId] ?? [];
  if (ids.length === 0) return undefined;
  return [...pcpus]
    .sort((a, b) => a - b)
    .map((pcpu, vcpu) => {
      const clos = ids[vcpu % ids.length] as number;
      const covering = caches.filter(({ apicIds }) => apicIds.includes(apicIdOf(pcpu) ?? -1));
      const masks = (index: number) =>
        Object.fromEntries(covering.map((cache) => [`L${cache.level} ${cache.id}`, maskOf(table, cache, index)]));
      if (!table.cdp) return { vcpu, pcpu, clos, masks: masks(clos) };
      return { vcpu, pcpu, clos, masks: masks(2 * clos), code: masks(2 * clos + 1) };
    });
}

function maskOf(table: ClosTable, { level, id, length }: CatCache, index: number): string {
  const list = level === 3 ? table.l3 : table.l2[id];
  return list?.[index] ?? `0x${((1n << BigInt(length)) - 1n).toString(16)}`;
}

/** A mask that the processor does not take: its bits are not next to each other, none is set, or one lies outside (SDM 3B, 18.19.4.1). */
export function badMask(table: ClosTable, caches: readonly CatCache[]): string | undefined {
  for (const { level, id, length } of caches)
    for (const text of (level === 3 ? table.l3 : table.l2[id]) ?? []) {
      const bits = BigInt(text);
      const low = bits & -bits;
      if (bits === 0n || ((bits + low) & bits) !== 0n || bits >> BigInt(length) > 0n)
        return `${text} on L${level} ${id}`;
    }
  return undefined;
}
