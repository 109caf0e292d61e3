import type { RunningValue } from "../running-value";
import type { Snapshot } from "../snapshot";
import { addressOfId } from "./document";
import { folderOf, type Gpu, gpusIn, type Limits } from "./read";
import { IN_ORDER } from "./udev-rule";

/** From the limits that run to others: every write, in an order in which i915 comes to them, the last of each path being the one that counts. */
export function gpuWrites(snapshot: Snapshot, id: string, wanted: Limits): RunningValue[] {
  const gpu = gpuOfId(snapshot, id);
  if (!gpu) return [];
  return IN_ORDER.map((limit) => ({ path: limitPath(gpu, limit), value: wanted[limit] }));
}

/** The GPU of a document's id, where i915 drives it now. */
export function gpuOfId(snapshot: Snapshot, id: string): Gpu | undefined {
  return gpusIn(snapshot)?.find(({ address }) => address === addressOfId(id));
}

/** The file of sysfs that has the limit. */
export function limitPath(gpu: Gpu, limit: keyof Limits): string {
  return `${folderOf(gpu)}/gt_${limit}_freq_mhz`;
}
