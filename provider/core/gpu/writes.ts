import type { RunningValue } from "../running-value";
import type { Snapshot } from "../snapshot";
import { addressOfId } from "./document";
import { folderOf, gpusIn, type Limits } from "./read";
import { IN_ORDER } from "./udev-rule";

/** From the limits that run to others: every write, in an order in which i915 comes to them, the last of each path being the one that counts. */
export function gpuWrites(snapshot: Snapshot, id: string, wanted: Limits): RunningValue[] {
  const gpu = gpusIn(snapshot)?.find(({ address }) => address === addressOfId(id));
  if (!gpu) return [];
  return IN_ORDER.map((limit) => ({ path: `${folderOf(gpu)}/gt_${limit}_freq_mhz`, value: wanted[limit] }));
}
