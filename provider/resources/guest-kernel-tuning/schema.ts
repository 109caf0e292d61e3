import { z } from "zod";
import { AcrnError } from "../../core/errors";
import { parseCpuList } from "../../core/hardware/cpu-set";
import { WHATS } from "../../core/tuning/profiles/types";

const override = z.union([z.string(), z.number(), z.literal(true), z.null(), z.literal(false)]);
const overrides = z.record(z.string().min(1), override).default({});

/** `"1-3"` or `[1, 2, 3]`; a list that cannot be told is an error, and never all CPUs. */
const cpuList = z.union([z.string(), z.array(z.number().int().min(0))]).transform((list, context) => {
  if (Array.isArray(list)) return [...new Set(list)].sort((a, b) => a - b);
  try {
    return parseCpuList(list);
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

const entry = z.strictObject({
  what: z.enum(WHATS as [string, ...string[]] as ["kernelArg", "sysctl", "service", "runtime"]),
  key: z.string().min(1),
  value: z.union([z.string(), z.literal(true)]),
  reason: z.string().min(1),
  source: z.string().min(1),
  tip: z.string().optional(),
  ifThere: z.string().optional(),
});

const profile = z.strictObject({
  name: z.string().min(1),
  summary: z.string().default(""),
  base: z.string().optional(),
  entries: z.array(entry),
  differences: z.array(z.string()).optional(),
});

/** See `GuestKernelTuningArgs` in sdk/guest-kernel-tuning.ts for what each means. */
export const guestKernelTuningSchema = z
  .strictObject({
    profile: z.union([z.string().min(1), profile]).default("acrn-tips"),
    /** Lists of the partition that the VM has. */
    partition: z.strictObject({ rtCpus: cpuList, housekeepingCpus: cpuList }).optional(),
    rtCpus: cpuList.optional(),
    housekeepingCpus: cpuList.optional(),
    kernelArgs: overrides,
    sysctls: overrides,
    services: overrides,
    runtime: overrides,
    allowRtMonopoly: z.boolean().default(false),
    trial: z.union([z.boolean(), z.strictObject({ tripleFault: z.literal(true) })]).default(true),
  })
  .superRefine(({ partition, rtCpus, housekeepingCpus }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (partition && (rtCpus || housekeepingCpus))
      issue(rtCpus ? "rtCpus" : "housekeepingCpus", "the partition says it: give either `partition` or lists");
    if (!partition && !rtCpus)
      issue("rtCpus", 'say which of the guest\'s CPUs are real-time: `partition`, or `rtCpus: "1-3"`');
  });

export type GuestKernelTuningArgs = z.infer<typeof guestKernelTuningSchema>;
