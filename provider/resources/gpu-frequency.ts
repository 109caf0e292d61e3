import { wholeId } from "../core/acrn/file-document";
import { limitId } from "../core/gpu/document";
import { limitRules, wantedLimits } from "../core/gpu/limits";
import { type Gpu, LIMITS, type Limits } from "../core/gpu/read";
import { UDEV_RULES, udevRule } from "../core/gpu/udev-rule";
import type { Refusal } from "../core/plan/types";
import { chooseGpu } from "./gpu-frequency/choose";
import { BIOS_NOTES } from "./gpu-frequency/notes";
import { observe } from "./gpu-frequency/observe";
import { passedRules } from "./gpu-frequency/passed";
import { gpuPending } from "./gpu-frequency/pending";
import { type GpuFrequencyArgs, gpuFrequencySchema } from "./gpu-frequency/schema";
import type { Declared, ResourceKind, View } from "./kind";

/** The GPU's frequency limits in the Service VM (T16). Claims the limits that run, and a file of udev rules that sets them at each boot. */
export const gpuFrequencyKind: ResourceKind<GpuFrequencyArgs> = {
  type: "GpuFrequency",
  schema: gpuFrequencySchema,
  onePerMachine: true,
  outputs: ["gpu", "mhz", "range", "notes"],
  files: () => [UDEV_RULES],
  declare,
  pending: gpuPending,
  observe,
};

function declare(view: View, args: GpuFrequencyArgs): Declared {
  const choice = chooseGpu(view.snapshot, args);
  if ("refused" in choice) return { ...NOTHING, refusals: [choice.refused] };
  const { address, gpu } = choice;
  const wanted = wantedLimits(args, gpu?.lowest);
  if (!complete(wanted)) return { ...NOTHING, refusals: [lowestUnknown(args)] };
  const refusals = [...limitRules(wanted, gpu), ...passedRules(view, address)];
  const live = gpu ? LIMITS.map((limit) => ({ field: limitId(address, limit), value: wanted[limit] })) : [];
  return {
    wishes: [{ field: wholeId(UDEV_RULES), value: udevRule(address, wanted) }, ...live],
    outputs: { gpu: address, mhz: wanted, ...(gpu ? { range: rangeOf(gpu) } : {}), notes: [...BIOS_NOTES] },
    warnings: gpu ? boostWarnings(wanted) : [UNCHECKED],
    refusals,
    reasons: gpu ? [`${address} goes from ${gpu.lowest} to ${gpu.highest} MHz`] : [],
  };
}

const NOTHING = { wishes: [], outputs: {}, warnings: [], reasons: [] };

const UNCHECKED =
  "T16: a folder does not tell what its GPU can do: the limits are written for udev and were not checked against it";

function complete(limits: Partial<Limits>): limits is Limits {
  return LIMITS.every((limit) => limits[limit] !== undefined);
}

function rangeOf({ lowest, highest }: Gpu): { lowest: number; highest: number } {
  return { lowest, highest };
}

function boostWarnings({ max, boost }: Limits): string[] {
  return boost > max
    ? [`T16: a client that waits for the GPU may raise it to ${boost} MHz, above the maximum of ${max} MHz`]
    : [];
}

/** Which is the lowest only the running machine knows. */
function lowestUnknown(args: GpuFrequencyArgs): Refusal {
  const property = LIMITS.find((limit) => args[limit] === "lowest") ?? "min";
  return {
    tip: "T16",
    code: "gpu.lowest-unknown",
    property,
    message: "a folder does not tell the lowest frequency of its GPU",
    hint: `Say ${property} in MHz: \`cat /sys/class/drm/card*/gt_RPn_freq_mhz\` on the machine tells it.`,
  };
}
