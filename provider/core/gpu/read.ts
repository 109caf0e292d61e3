import type { Snapshot } from "../snapshot";

/** The limits that i915 keeps for a GPU, in MHz. */
export interface Limits {
  min: number;
  max: number;
  /** What a client that waits for the GPU may ask for: above `max` too [v6.1 drivers/gpu/drm/i915/gt/intel_rps.c rps_work]. */
  boost: number;
}

/** In the order in which people name them. */
export const LIMITS = ["max", "boost", "min"] as const satisfies readonly (keyof Limits)[];

/** One GPU that i915 drives. */
export interface Gpu {
  /** Its place on the bus, which stays: the number of its card may be another one after a boot. */
  address: string;
  card: string;
  now: Limits;
  /** RPn and RP0: the lowest and highest that the hardware can. */
  lowest: number;
  highest: number;
  /** RP1, where the hardware tells it: the most efficient one. */
  efficient?: number;
}

/** The text of a read that has a line a value: `0000:00:02.0/drm/card0/gt_max_freq_mhz 1300` (host/scripts/facts.ts). */
export const GPU_TEXT = "gpu";

const LINE = /^([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\/drm\/(card\d{1,3})\/gt_(\w{3,5})_freq_mhz (\d{1,5})$/;

/**
 * Undefined: nobody can tell (a folder, or a machine without /sys). These files are i915's own, for all its generations since 6: of
 * several GTs they say the highest maximum and the lowest minimum, and set all of them
 * [drivers/gpu/drm/i915/gt/intel_gt_sysfs_pm.c sysfs_gt_attribute_w_func]. xe has others.
 */
export function gpusIn({ texts }: Pick<Snapshot, "texts">): Gpu[] | undefined {
  const text = texts.get(GPU_TEXT);
  if (text === undefined) return undefined;
  const found = new Map<string, Map<string, number>>();
  for (const line of text.split("\n")) {
    const [, address, card, name, value] = LINE.exec(line) ?? [];
    if (address === undefined) continue;
    const key = `${address} ${card}`;
    found.set(key, (found.get(key) ?? new Map()).set(name as string, Number(value)));
  }
  return [...found].flatMap(([key, values]) => gpuOf(key, values));
}

/** Without all of them it has no frequency control. */
function gpuOf(key: string, values: ReadonlyMap<string, number>): Gpu[] {
  const [address, card] = key.split(" ") as [string, string];
  const [min, max, boost, lowest, highest] = ["min", "max", "boost", "RPn", "RP0"].map((name) => values.get(name));
  if (min === undefined || max === undefined || boost === undefined) return [];
  if (lowest === undefined || highest === undefined) return [];
  const efficient = values.get("RP1");
  return [
    { address, card, now: { min, max, boost }, lowest, highest, ...(efficient === undefined ? {} : { efficient }) },
  ];
}

/** Where the kernel has a GPU's limits: the folder of its card. */
export function folderOf({ address, card }: Pick<Gpu, "address" | "card">): string {
  return `/sys/bus/pci/devices/${address}/drm/${card}`;
}
