import { z } from "zod";
import { FEATURE_NAMES, type FeatureName, type FeatureValue } from "../../core/acrn/features/table";

const cpus = z.record(z.string(), z.array(z.number().int().min(0)));

/** See `HypervisorFeaturesArgs` in sdk/hypervisor-features.ts for what each means. */
export const featuresSchema = z
  .strictObject({
    scheduler: z.enum(["noop", "bvt", "iorr", "prio"]).optional(),
    splitLockDetection: z.boolean().optional(),
    ucLockDetection: z.boolean().optional(),
    mcePageSizeWorkaround: z.enum(["on", "off"]).optional(),
    cpuPerformancePolicy: z.enum(["performance", "nominal"]).optional(),
    l1dFlushOnVmEntry: z.boolean().optional(),
    keepIrqDisabled: z.boolean().optional(),
    serviceVmSupervisor: z.boolean().optional(),
    hyperv: z.boolean().optional(),
    iommuEnforceSnoop: z.boolean().optional(),
    buildType: z.enum(["release", "debug"]).optional(),
    trustAllGuestKernels: z.boolean().default(false),
    acrnVersion: z
      .string()
      .regex(/^(2\.[0-7]|3\.\d{1,2})$/, 'a version as "3.3"')
      .optional(),
    partition: z.looseObject({ pcpus: cpus, evicted: cpus.optional() }).optional(),
  })
  .refine((args) => FEATURE_NAMES.some((name) => args[name] !== undefined), "name at least one option");

export type HypervisorFeaturesArgs = z.infer<typeof featuresSchema>;

/** The options that are declared, in the order of the table. */
export function declaredFeatures(args: Partial<HypervisorFeaturesArgs>): [FeatureName, FeatureValue][] {
  return FEATURE_NAMES.flatMap((name): [FeatureName, FeatureValue][] => {
    const value = args[name];
    return value === undefined ? [] : [[name, value]];
  });
}
