import { formatCpuList } from "../../hardware/cpu-set";
import type { Cache, Pcpu } from "../../hardware/types";
import { parseMask, union } from "../../hardware/ways";
import { child, childrenNamed, descendantsNamed, type XmlElement } from "../../xml";
import { type BoardFile, decimalNumber, hexNumber, refuse, textOf } from "./query";

/**
 * `caches/cache` (board files from v2.5 on). Undefined: the file has no such part, or its APIC ids cannot be mapped.
 * A cache that contradicts the rest is refused: a sharer that went unseen would put a stranger beside an RTVM.
 * [misc/config_tools/board_inspector/extractors]
 */
export function readCaches(board: BoardFile, pcpus: Pcpu[] | undefined): Cache[] | undefined {
  const part = child(board.root, "caches");
  const elements = part ? childrenNamed(part, "cache") : [];
  if (elements.length === 0) return undefined;
  if (!pcpus) {
    board.missing.push("The caches name CPUs by APIC id, and without processors no pCPU can be told from those.");
    return undefined;
  }
  const byApicId = new Map(pcpus.map((pcpu) => [pcpu.apicId as number, pcpu.id]));
  const caches = elements.map((at) => readCache(board, at, byApicId));
  refuseOverlaps(board, elements, caches);
  sayUncovered(board, caches, pcpus);
  sayRepeatedIds(board, caches);
  return caches;
}

function readCache(board: BoardFile, at: XmlElement, byApicId: Map<number, number>): Cache {
  const level = decimalNumber(at.attributes.get("level"));
  const id = at.attributes.get("id")?.trim();
  const type = decimalNumber(at.attributes.get("type"));
  if (level === undefined || level < 1 || !id || type === undefined || type < 1 || type > 3)
    throw refuse(board, at, "board.cache", "a <cache> needs level, id and type (1 data, 2 instruction, 3 unified)");
  const cache: Cache = { level, id, type, pcpus: sharers(board, at, byApicId), cdp: hasCdp(at) };
  const ways = decimalNumber(textOf(at, "ways"));
  const size = decimalNumber(textOf(at, "cache_size"));
  const cat = readCat(board, at);
  if (ways !== undefined) cache.ways = ways;
  if (size !== undefined) cache.size = size;
  if (cat) cache.cat = cat;
  const sram = wayMasks(board, at, "capability", "Software SRAM");
  const gpu = wayMasks(board, at, "parameter", "GT Waymask");
  if (sram) cache.sramWays = sram;
  if (gpu) cache.gpuWays = gpu;
  return cache;
}

/** Every `waymask` below children of that name and id; 0: none. [board_inspector/extractors, RTCT v2; reference 4] */
function wayMasks(board: BoardFile, at: XmlElement, name: string, id: string): number {
  const parts = childrenNamed(at, name).filter((each) => each.attributes.get("id") === id);
  const masks = parts.flatMap((part) => childrenNamed(part, "waymask"));
  return union(
    masks.map((mask) => {
      const ways = parseMask(mask.value.trim());
      if (ways !== undefined) return ways;
      throw refuse(
        board,
        mask,
        "board.cache.waymask",
        `a <waymask> of ${id} of ${title(at)} is no mask of ways in hex`,
      );
    }),
  );
}

/** `processors/processor` holds APIC ids in hex, not CPU numbers. */
function sharers(board: BoardFile, at: XmlElement, byApicId: Map<number, number>): number[] {
  const part = child(at, "processors");
  const ids = (part ? childrenNamed(part, "processor") : []).map((processor) => {
    const text = processor.value.trim();
    const id = byApicId.get(hexNumber(text) ?? -1);
    if (id !== undefined) return id;
    throw refuse(
      board,
      processor,
      "board.cache.apic-id",
      `${title(at)} is shared by the APIC id ${JSON.stringify(text.slice(0, 20))}, which no <thread> has`,
    );
  });
  if (ids.length === 0) throw refuse(board, at, "board.cache.sharers", `${title(at)} lists no <processor>`);
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** CAT of SDM vol. 3, "Intel RDT Allocation Features"; the inspector puts both numbers under the capability. */
function readCat(board: BoardFile, at: XmlElement): Cache["cat"] {
  const capability = childrenNamed(at, "capability").find((each) => each.attributes.get("id") === "CAT");
  if (!capability) return undefined;
  const maskLength = decimalNumber(textOf(capability, "capacity_mask_length"));
  const closNumber = decimalNumber(textOf(capability, "clos_number"));
  // The mask is a 32-bit field of CPUID leaf 0x10 (5 bits hold length - 1); a CLOS id has 16 bits.
  if (!maskLength || maskLength > 32 || !closNumber || closNumber > 65536)
    throw refuse(
      board,
      capability,
      "board.cache.cat",
      `${title(at)} has CAT without a usable capacity_mask_length and clos_number`,
    );
  return { maskLength, closNumber };
}

/** Beside CAT, or below it where L3 CAT was inferred: ACRN's own rule counts it by `//`. [misc/config_tools/schema/checks] */
function hasCdp(at: XmlElement): boolean {
  return descendantsNamed(at, "capability").some((capability) => capability.attributes.get("id") === "CDP");
}

/** A CPU fills one cache of a kind per level; in two of them, one list is wrong and sharing cannot be trusted. */
function refuseOverlaps(board: BoardFile, elements: XmlElement[], caches: Cache[]): void {
  const seen = new Map<string, XmlElement>();
  caches.forEach((cache, index) => {
    const at = elements[index] as XmlElement;
    for (const pcpu of cache.pcpus)
      for (const kind of cache.type === 3 ? [1, 2] : [cache.type]) {
        const key = `${cache.level}/${kind}/${pcpu}`;
        const other = seen.get(key);
        if (other)
          throw refuse(board, at, "board.cache.overlap", `pCPU ${pcpu} is in ${title(other)} and in ${title(at)}`);
        seen.set(key, at);
      }
  });
}

/** Every CPU that runs ACRN has an L2; an L3 may be absent by design (E cores on the SoC die). */
function sayUncovered(board: BoardFile, caches: Cache[], pcpus: Pcpu[]): void {
  const covered = new Set(
    caches.filter((cache) => cache.level === 2 && cache.type !== 2).flatMap((cache) => cache.pcpus),
  );
  const rest = pcpus.map((pcpu) => pcpu.id).filter((id) => !covered.has(id));
  if (rest.length === 0) return;
  board.missing.push(`No L2 cache lists pCPU ${formatCpuList(rest)}: who shares an L2 with it cannot be decided.`);
}

function sayRepeatedIds(board: BoardFile, caches: Cache[]): void {
  const seen = new Set<string>();
  for (const { level, id, type } of caches.filter((cache) => cache.cat)) {
    const key = `${level}/${id}/${type}`;
    if (seen.has(key))
      board.missing.push(
        `Two L${level} caches have the id ${id}: which one a CACHE_ALLOCATION with it means cannot be decided.`,
      );
    seen.add(key);
  }
}

function title(at: XmlElement): string {
  return `the L${at.attributes.get("level")} cache ${at.attributes.get("id")}`;
}
