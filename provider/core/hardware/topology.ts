import type { Cache, Core, CoreType, Pcpu, Topology } from "./types";

/**
 * Questions that rules ask a topology. Where the board file does not tell, the answer is `undefined` (unknown), never
 * an empty list: "shares with nobody" and "nobody knows" lead to opposite decisions.
 */

/** Instruction caches: RDT divides them by no CLOS, and every design that shares them shares the data side too. */
const INSTRUCTION_CACHE = 2;

/** The pCPU with this id, or undefined when the board has none. */
export function pcpuOf(topology: Topology, id: number): Pcpu | undefined {
  return topology.pcpus.find((pcpu) => pcpu.id === id);
}

/** The core that this pCPU is a thread of; undefined when there is no such pCPU or cores are not known. */
export function coreOf(topology: Topology, id: number): Core | undefined {
  const core = pcpuOf(topology, id)?.core;
  return core === undefined ? undefined : topology.cores[core];
}

/** All threads of the core of this pCPU, itself included, ascending; undefined = unknown. */
export function siblings(topology: Topology, id: number): number[] | undefined {
  return coreOf(topology, id)?.pcpus;
}

/** The core type of this pCPU; `unknown` too where there is no such pCPU. */
export function coreTypeOf(topology: Topology, id: number): CoreType {
  return pcpuOf(topology, id)?.type ?? "unknown";
}

/** Local APIC id: written in hex in board files, in decimal in `acrn-dm --cpu_affinity` of 3.x. */
export function apicIdOf(topology: Topology, id: number): number | undefined {
  return pcpuOf(topology, id)?.apicId;
}

/** The pCPU with this APIC id, or undefined. */
export function pcpuWithApicId(topology: Topology, apicId: number): number | undefined {
  return topology.pcpus.find((pcpu) => pcpu.apicId === apicId)?.id;
}

/** The unified or data caches of a level, in file order. */
export function dataCaches(topology: Topology, level: number): Cache[] {
  return topology.caches.filter((cache) => cache.level === level && cache.type !== INSTRUCTION_CACHE);
}

/** The unified or data cache of a level that this pCPU fills; undefined when it has none or nothing is known. */
export function cacheOf(topology: Topology, level: number, id: number): Cache | undefined {
  return dataCaches(topology, level).find((cache) => cache.pcpus.includes(id));
}
