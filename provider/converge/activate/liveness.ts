import { type Liveness, livenessOf } from "../../core/acrn/power/liveness";
import { serviceCpus } from "../../core/acrn/power/service-cpus";
import { allowedBy } from "../../core/acrn/rt-vm/allowed";
import type { Draft } from "../draft";

/** Whether a real-time VM runs, as the machine is. */
export function livenessOn(draft: Draft, name: string): Liveness {
  return livenessOf(name, { snapshot: draft.snapshot, evidence: draft.evidence, cpus: cpusOf(draft, name) });
}

/** The Service VM's numbers of what the booted image has for the VM. */
function cpusOf(draft: Draft, name: string): number[] | undefined {
  const allowed = allowedBy(name, draft.evidence, draft.snapshot);
  if (allowed.how !== "pcpus") return undefined;
  try {
    return serviceCpus(draft.snapshot, draft.topology(), allowed.pcpus);
  } catch {
    return undefined; // no board file: then it is not known
  }
}
