import { formatCpuList } from "../hardware/cpu-set";
import { visible } from "../text/visible";
import type { HostFacts, Known } from "./facts";

/**
 * The facts as a few lines for people: what a preview shows of them. The engine prints a map leaf by leaf, which made
 * 270 lines of a board with four cores. What is unknown is said with its reason.
 */
export function factsSummary(facts: HostFacts): string[] {
  return [
    said("ACRN", facts.acrnVersion, (version) => version),
    said("board", facts.board, (board) => board),
    said("scenario dialect", facts.dialect, (dialect) => dialect),
    said("pCPU", facts.pcpus, (pcpus) => formatCpuList(pcpus.map(({ id }) => id))),
    said("caches", facts.caches, cachesInShort),
    said("VMs built", facts.vms, vmsInShort),
    said("VMs running", facts.runningVms, (names) => names.join(", ") || "none"),
    said("built from", facts.built, (why) => why),
  ];
}

function said<T>(name: string, fact: Known<T>, show: (value: T) => string): string {
  return visible(`${name}: ${fact.known ? show(fact.value) : `unknown: ${fact.why}`}`);
}

/** One part a level, by the sets of pCPUs that share one: `L2 of 0-3 and of 4-7; L3 of 0-7 (CAT, 12 ways, 8 CLOS)`. */
function cachesInShort(caches: Extract<HostFacts["caches"], { known: true }>["value"]): string {
  const levels = [...new Set(caches.map(({ level }) => level))].sort((a, b) => a - b);
  const parts = levels.map((level) => {
    const own = caches.filter((cache) => cache.level === level);
    const sets = [...new Set(own.map(({ pcpus }) => formatCpuList(pcpus)))];
    const cat = own.find((cache) => cache.cat)?.cat;
    const alone = sets.length > 1 && own.every(({ pcpus }) => pcpus.length === 1);
    const whose = alone ? "of each pCPU alone" : `of ${sets.join(" and of ")}`;
    return `L${level} ${whose}${cat ? ` (CAT, ${cat.maskLength} ways, ${cat.closNumber} CLOS)` : ""}`;
  });
  return parts.join("; ") || "none";
}

/** One part a kind of VM: `service: SOS; post-launched, real-time: RT1 on pCPU 2-3, RT2 on pCPU 4`. */
function vmsInShort(vms: Vms): string {
  const kinds = new Map<string, string[]>();
  for (const { name, load, realtime, pcpus } of vms) {
    const kind = `${load}${realtime ? ", real-time" : ""}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), `${name}${pcpus ? ` on pCPU ${formatCpuList(pcpus)}` : ""}`]);
  }
  return [...kinds].map(([kind, names]) => `${kind}: ${names.join(", ")}`).join("; ") || "none";
}

type Vms = Extract<HostFacts["vms"], { known: true }>["value"];
