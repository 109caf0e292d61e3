import { type Gpu, LIMITS, type Limits } from "./read";

/** Limits that i915 takes, and for each that is another one than it was: why. */
export interface Possible {
  limits: Limits;
  why: ReadonlyMap<keyof Limits, string>;
}

/**
 * What was before us may be what i915 refuses by now: the hardware's range is another one (a new BIOS), or somebody set the other limit since.
 * EINVAL would leave our limit for ever, so the nearest that it takes goes back instead
 * [v6.1 drivers/gpu/drm/i915/gt/intel_rps.c set_max_freq, set_min_freq, rps_set_boost_freq; boost is held to the range alone].
 * @param given which of them go back; the others are somebody's, and stay
 */
export function possibleLimits(wanted: Limits, given: ReadonlySet<keyof Limits>, gpu: Gpu): Possible {
  const limits = { ...wanted };
  const why = new Map<keyof Limits, string>();
  const instead = (limit: keyof Limits, value: number, because: string) => {
    if (!given.has(limit) || limits[limit] === value) return;
    limits[limit] = value;
    why.set(limit, `it was ${wanted[limit]} MHz, and i915 takes none ${because}`);
  };
  for (const limit of LIMITS) {
    if (limits[limit] > gpu.highest) instead(limit, gpu.highest, `above the ${gpu.highest} MHz of this GPU`);
    if (limits[limit] < gpu.lowest) instead(limit, gpu.lowest, `below the ${gpu.lowest} MHz of this GPU`);
  }
  if (limits.min > limits.max) instead("min", limits.max, `above the maximum of ${limits.max} MHz that runs`);
  if (limits.min > limits.max) instead("max", limits.min, `below the minimum of ${limits.min} MHz that runs`);
  return { limits, why };
}
