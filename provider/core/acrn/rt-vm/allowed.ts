import { formatCpuList } from "../../hardware/cpu-set";
import { type Snapshot, textOf } from "../../snapshot";
import { type Evidence, RECORD_PATH } from "../evidence";
import { bootedImage } from "../image/marker";
import { PROMOTED_PATH } from "../image/paths";
import { readPromoted } from "../image/promoted";
import { readScenario } from "../scenario";

/**
 * What the image that runs lets a launch of a VM have. A post-launched VM may ask for pCPUs that were built for its name and for no others
 * ("chooses invalid pCPUs", reference 7); a name that the image lacks would take a free slot, and divide by zero where RDT is on (reference 3, 8b).
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

/**
 * The proof where there is one; else the installed record, which is what a boot most likely took: better to wait for an image that may be there
 * than to hand the next boot a script that it refuses.
 */
function imageOf(evidence: Evidence, snapshot: Snapshot): { text?: string; why: string } {
  if (evidence.built.known) return { text: evidence.built.scenario, why: "the booted image" };
  // an image of ours runs, is the default, and lost its record: the packages' record is that of another
  const own = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  if (own !== undefined && readPromoted(textOf(snapshot, PROMOTED_PATH))?.id === own)
    return { why: evidence.built.why };
  const text = textOf(snapshot, evidence.record ?? RECORD_PATH);
  if (text === undefined) return { why: evidence.built.why };
  return { text, why: `the record of the installed image (${evidence.built.why})` };
}

/** Would the running image take these pCPUs? Undefined: nobody can tell. */
export function takes(allowed: Allowed, pcpus: readonly number[]): boolean | undefined {
  if (allowed.how === "unknown") return undefined;
  return allowed.how === "pcpus" && pcpus.every((id) => allowed.pcpus.includes(id));
}
