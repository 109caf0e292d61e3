import type { Topology } from "../../hardware/types";
import type { Snapshot } from "../../snapshot";
import { remembered } from "../../text/remembered";

/**
 * The Service VM's own numbers of some pCPUs: the APIC id ties them (reference 1.5). A CPU that is offline is not in /proc/cpuinfo, so a
 * pCPU that is not found was handed over, or never was the Service VM's.
 * Undefined where the board does not tell the APIC ids, or /proc/cpuinfo could not be read.
 */
export function serviceCpus(snapshot: Snapshot, topology: Topology, pcpus: readonly number[]): number[] | undefined {
  const text = snapshot.texts.get("proc/cpuinfo");
  if (text === undefined) return undefined;
  const byApic = processors(text, "proc/cpuinfo");
  const found = pcpus.map((id) => byApic.get(topology.pcpus.find((each) => each.id === id)?.apicId ?? -1));
  return found.every((cpu) => cpu !== undefined) ? (found as number[]) : undefined;
}

/** By APIC id. Each VM of a plan asks for it, and another host has another text. */
const processors = remembered<ReadonlyMap<number, number>>(
  (text) => {
    const byApic = new Map<number, number>();
    let processor = -1;
    for (const line of text.split("\n")) {
      const [key, value] = line.split(":").map((part) => part.trim());
      if (key === "processor") processor = Number(value);
      if (key === "apicid") byApic.set(Number(value), processor);
    }
    return byApic;
  },
  { texts: 1, chars: 1024 * 1024 },
);
