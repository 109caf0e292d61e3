import { z } from "zod";
import { readOwnJson } from "./own-json";
import { checkImageId, isImageId, WANTED_PATH } from "./paths";

/** The image that shall run. */
export interface Wanted {
  id: string;
  /** How many images stay installed, the confirmed one included. */
  keep: number;
}

/** More would fill any /boot; at least the confirmed one and its successor. */
export const KEEP = { least: 2, most: 32, default: 3 } as const;

const schema: z.ZodType<Wanted> = z.strictObject({
  id: z.string().refine(isImageId, "not the id of an image"),
  keep: z.number().int().min(KEEP.least).max(KEEP.most),
});

/** @throws AcrnError `image.wanted` with the place */
export function readWanted(text: string, file = WANTED_PATH): Wanted {
  return readOwnJson(schema, text, {
    file,
    what: "the file that names the hypervisor image to run",
    code: "image.wanted",
    hint: "pulumi-acrn writes it whole, for a HypervisorImage: run `pulumi up`, which puts it right.",
  });
}

export function printWanted({ id, keep }: Wanted): string {
  return `${JSON.stringify({ id: checkImageId(id), keep })}\n`;
}
