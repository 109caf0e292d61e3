import { z } from "zod";
import type { Recipe } from "../../core/acrn/image/recipes/types";
import { KEEP } from "../../core/acrn/image/wanted";
import { type Connection, connectionSchema } from "../host-settings";

const path = z.string().startsWith("/", "an absolute path on the machine that builds");

/** Where a build runs: on the host itself, on the machine that runs the program, or on a build machine over SSH. */
const where = z
  .union([
    z.enum(["host", "local"]),
    z.strictObject({
      ssh: connectionSchema
        .refine((to) => typeof to === "string" || !("root" in to), "a build machine runs: it is reached over SSH")
        .transform((to) => to as Exclude<Connection, { root: string }>),
    }),
  ])
  .default("host");

const tree = z.strictObject({ source: path, release: z.boolean().default(false) });

const inputs = z.array(path).max(64, "name a folder instead of each of its files").default([]);

/** What is said of each way to build. */
const each = { on: where, trustUnverified: z.boolean().default(false) };

const build = z.union(
  [
    z.strictObject({ make: tree, ...each }),
    z.strictObject({ debian: tree, ...each }),
    z.strictObject({ command: z.string().min(1), inputs, ...each }),
    z.strictObject({ prebuilt: path, ...each }),
  ],
  {
    error:
      'give { make: { source: "<ACRN\'s source tree>" } }, { debian: { source } }, { command: "<shell text>" } or { prebuilt: "<acrn.bin>" }, each with on: "host", "local" or { ssh }',
  },
);

/** See `HypervisorImageArgs` in sdk/hypervisor-image.ts for what each means. */
export const hypervisorImageSchema = z.strictObject({
  build,
  keep: z
    .number()
    .int()
    .min(KEEP.least, "the one that runs and the one before it always stay")
    .max(KEEP.most)
    .default(KEEP.default),
  generation: z
    .string()
    .regex(
      /^[0-9a-f]{16}$/,
      "the id of a kept generation: 16 hex digits, as the output `image` and `pulumi-acrn images` show it",
    )
    .optional(),
});

/** What only a look at the machines tells: asked once a check (converge/image/look.ts), and kept with the arguments. */
export interface Found {
  /** The image that scenario, board, recipe and source make. */
  id: string;
  /** Version of the source. */
  source: string;
  /** It is staged on the host already: nothing has to be built. */
  staged: boolean;
  /** Why it cannot be built, each a sentence. */
  missing: string[];
  /** Why no image can be booted once on this machine; undefined: it can. */
  noOneShot?: string;
}

export type HypervisorImageArgs = z.infer<typeof hypervisorImageSchema> & { found?: Found | undefined };

export function recipeOf({ build }: Pick<HypervisorImageArgs, "build">): Recipe {
  const { trustUnverified } = build;
  if ("make" in build) return { how: "make", ...build.make, trustUnverified };
  if ("debian" in build) return { how: "debian", ...build.debian, trustUnverified };
  if ("prebuilt" in build) return { how: "prebuilt", path: build.prebuilt, trustUnverified };
  return { how: "command", command: build.command, inputs: build.inputs, trustUnverified };
}
