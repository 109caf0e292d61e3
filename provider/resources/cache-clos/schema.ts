import { z } from "zod";
import type { ClosDeclaration } from "../../core/acrn/clos/plan";

const SHARE = 'give a mask ("0xff0"), a number of ways (4) or bytes ("512K", "2M")';

const share = z.union(
  [z.string().regex(/^(0[xX][0-9a-fA-F]{1,8}|[1-9]\d{0,6}[KkMm](iB|B)?)$/, SHARE), z.number().int().min(1).max(32)],
  { error: SHARE },
);
const shareOf = z.union([share, z.strictObject({ code: share, data: share })], {
  error: `${SHARE}, or { code, data } with cdp`,
});

/** Percent of delay, in the steps that processors take [SDM vol. 3, 18.19.7]. */
const mba = z.number().int().min(0).max(90).multipleOf(10, "0, 10, ... 90");
const vcpus = z.union([z.literal("all"), z.array(z.number().int().min(0).max(4095)).min(1)], {
  error: 'give "all", or a list of vCPUs ([1, 2])',
});

const oneClass = z.strictObject({
  vms: z.record(z.string().min(1), vcpus).refine((vms) => Object.keys(vms).length > 0, "name at least one VM"),
  l2: shareOf.optional(),
  l3: shareOf.optional(),
  exclusive: z.boolean().default(true),
  mba: mba.optional(),
});

const cpuLists = z.record(z.string(), z.array(z.number().int().min(0)));

/** See `CacheClosArgs` in sdk/cache-clos.ts for what each means. */
export const cacheClosSchema = z.strictObject({
  classes: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,29}$/, "1 to 30 letters, digits, _ and -"), oneClass)
    .refine((classes) => Object.keys(classes).length > 0, "name at least one class")
    .refine((classes) => !Object.hasOwn(classes, "rest"), "rest is everyone else: an argument beside classes"),
  rest: z
    .union([share, z.strictObject({ l2: share.optional(), l3: share.optional(), mba: mba.optional() })], {
      error: `${SHARE}, or { l2, l3, mba }`,
    })
    .optional(),
  gpuWays: z
    .string()
    .regex(/^(board|0[xX][0-9a-fA-F]{1,8})$/, 'a mask ("0x3") or "board"')
    .optional(),
  cdp: z.boolean().default(false),
  partition: z.looseObject({ pcpus: cpuLists, evicted: cpuLists.optional() }).optional(),
  rtVms: z
    .array(z.looseObject({ name: z.string().min(1), pcpus: z.array(z.number().int().min(0)).optional() }))
    .default([]),
});

export type CacheClosArgs = z.infer<typeof cacheClosSchema>;

/** The declaration as the core has it: a share of the rest that says no level is one of both. */
export function declarationOf({ classes, rest, gpuWays, cdp }: CacheClosArgs): ClosDeclaration {
  const both = typeof rest === "object" ? rest : rest === undefined ? undefined : { l2: rest, l3: rest };
  const given = { classes, rest: both, gpuWays, cdp };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as unknown as ClosDeclaration;
}
