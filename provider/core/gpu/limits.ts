import type { Refusal } from "../plan/types";
import { type Gpu, LIMITS, type Limits } from "./read";

/** A limit as it is declared. */
export type LimitWish = "lowest" | number;

export interface LimitWishes {
  max: LimitWish;
  boost?: LimitWish | undefined;
  min?: LimitWish | undefined;
}

/**
 * Hardware counts in 50 MHz, or in a third of that (16.67) from generation 9 on; i915 rounds everything else without a word
 * [v6.1 drivers/gpu/drm/i915/gt/intel_rps.c intel_freq_opcode, GT_FREQUENCY_MULTIPLIER, GEN9_FREQ_SCALER]. These come back as they were written.
 */
const STEP = 50;

/**
 * In MHz. A boost that nobody declares is no higher than the maximum, else it would go over it; a minimum is the lowest.
 * @param lowest undefined: unknown here
 */
export function wantedLimits(wishes: LimitWishes, lowest: number | undefined): Partial<Limits> {
  const of = (wish: LimitWish) => (wish === "lowest" ? lowest : wish);
  const values = { max: of(wishes.max), boost: of(wishes.boost ?? wishes.max), min: of(wishes.min ?? "lowest") };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What i915 would refuse, round, or not heed. */
export function limitRules(wanted: Limits, gpu: Gpu | undefined): Refusal[] {
  const out = gpu ? LIMITS.flatMap((limit) => againstHardware(limit, wanted[limit], gpu)) : [];
  if (wanted.min > wanted.max)
    out.push(
      no("order", "min", `the minimum of ${wanted.min} MHz is above the maximum of ${wanted.max} MHz`, "Lower it."),
    );
  return out;
}

function againstHardware(limit: keyof Limits, value: number, { lowest, highest, efficient }: Gpu): Refusal[] {
  const range = `It goes from ${lowest} to ${highest} MHz.`;
  if (value < lowest || value > highest)
    return [no("range", limit, `the GPU cannot run at ${value} MHz: i915 would refuse it (EINVAL)`, range)];
  if (value % STEP === 0 || [lowest, highest, efficient].includes(value)) return [];
  const down = Math.max(lowest, value - (value % STEP));
  const up = Math.min(highest, value - (value % STEP) + STEP);
  return [
    no("step", limit, `${value} MHz is no multiple of ${STEP}: i915 would round it`, `Take ${down} or ${up}. ${range}`),
  ];
}

function no(code: string, property: string, message: string, hint: string): Refusal {
  return { tip: "T16", code: `gpu.${code}`, property, message, hint };
}
