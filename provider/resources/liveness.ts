import { type Liveness, livenessOf } from "../core/acrn/power/liveness";
import { serviceCpus } from "../core/acrn/power/service-cpus";
import { allowedBy } from "../core/acrn/rt-vm/allowed";
import type { Pending, View } from "./kind";

/** What the machine tells of itself: a view's part, and a draft's. */
type Seen = Pick<View, "snapshot" | "evidence" | "topology">;

/** Whether a real-time VM runs, as the machine is. */
export function livenessIn(seen: Seen, vm: string): Liveness {
  const { snapshot, evidence } = seen;
  return livenessOf(vm, { snapshot, evidence, cpus: cpusOf(seen, vm) });
}

/** What is written for a real-time VM that has no acrn-dm: the next launch takes it, if there is a proof that it is off. */
export function withoutProcess({ state, why }: Liveness): Pick<Pending, "state" | "running" | "evidence" | "needs"> {
  return state === "off"
    ? { state: "active", running: "(off)", evidence: `${why}: the next launch takes it`, needs: [] }
    : { state: "unknown", running: "unknown", evidence: why, needs: [] };
}

/** The Service VM's numbers of what the booted image has for the VM. */
function cpusOf({ snapshot, evidence, topology }: Seen, vm: string): number[] | undefined {
  const allowed = allowedBy(vm, evidence, snapshot);
  if (allowed.how !== "pcpus") return undefined;
  try {
    return serviceCpus(snapshot, topology(), allowed.pcpus);
  } catch {
    return undefined; // no board file: then it is not known
  }
}
