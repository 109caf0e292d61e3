import { formatCpuList } from "../../hardware/cpu-set";
import { type Snapshot, textOf } from "../../snapshot";
import { type Evidence, evidenceOfDefault, RECORD_PATH } from "../evidence";
import { readScenario } from "../scenario";

/**
 * What an image lets a launch of a VM have: the one that the evidence is about, which is the one that runs unless somebody asks for another.
 * A post-launched VM may ask for pCPUs that were built for its name and for no others ("chooses invalid pCPUs", reference 7); a name that the image lacks would
 * take a free slot, and divide by zero where RDT is on (reference 3, 8b).
 */
export type Allowed =
  | { how: "pcpus"; pcpus: readonly number[]; why: string }
  /** `rdt`: the image has RDT on, so a launch of that name would stop the whole machine. */
  | { how: "no-such-vm"; rdt: boolean; why: string }
  | { how: "unknown"; why: string };

export function allowedBy(vm: string, evidence: Evidence, snapshot: Snapshot): Allowed {
  const image = imageOf(evidence, snapshot);
  if (!image.text) return { how: "unknown", why: image.why };
  const { vms, rdtEnabled } = readScenario(image.text, evidence.record ?? RECORD_PATH);
  const found = vms.find(({ key }) => key === vm);
  if (!found) return { how: "no-such-vm", rdt: rdtEnabled, why: `${image.why} has no ${vm}` };
  const pcpus = [...(found.affinity ?? [])].sort((a, b) => a - b);
  return { how: "pcpus", pcpus, why: `${image.why} has ${vm} on pCPU ${formatCpuList(pcpus)}` };
}

/** The same of the image that boots by default: what a script that is there to stay may ask for. One on trial does not count before it is promoted. */
export function allowedByDefault(vm: string, evidence: Evidence, snapshot: Snapshot): Allowed {
  return allowedBy(vm, evidenceOfDefault(evidence, snapshot), snapshot);
}

/**
 * The proof where there is one; else the installed record, which is what a boot most likely took: better to wait for an image that may be there
 * than to hand the next boot a script that it refuses.
 */
function imageOf({ built, record, whose }: Evidence, snapshot: Snapshot): { text?: string; why: string } {
  if (built.known) return { text: built.scenario, why: whose ?? "the booted image" };
  const text = built.next ?? (built.id === undefined ? textOf(snapshot, record ?? RECORD_PATH) : undefined);
  if (text === undefined) return { why: built.why };
  return { text, why: `the record of the installed image (${built.why})` };
}

/** Would that image take these pCPUs? Undefined: nobody can tell. */
export function takes(allowed: Allowed, pcpus: readonly number[]): boolean | undefined {
  if (allowed.how === "unknown") return undefined;
  return allowed.how === "pcpus" && pcpus.every((id) => allowed.pcpus.includes(id));
}
