import { z } from "zod";

const limit = z.union([z.literal("lowest"), z.number().int().min(1).max(10_000)]);

/** See `GpuFrequencyArgs` in sdk/gpu-frequency.ts for what each means. */
export const gpuFrequencySchema = z.strictObject({
  max: limit,
  boost: limit.optional(),
  min: limit.optional(),
  card: z
    .string()
    .regex(
      /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/,
      'its place on the bus, as "0000:00:02.0": the number of a card changes',
    )
    .optional(),
});

export type GpuFrequencyArgs = z.infer<typeof gpuFrequencySchema>;
