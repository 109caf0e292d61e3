import { z } from "zod";
import { AcrnError } from "../../errors";
import { readOwnJson } from "./own-json";
import { isImageId } from "./paths";

/** `image.json` beside a staged image. Written last: where it is, everything is. */
export interface ImageManifest {
  format: 1;
  id: string;
  /** By name below the image's folder. */
  files: Record<string, { sha256: string; size: number }>;
  /** As in the image's identity. */
  recipe: string;
  source: string;
  /** How long the build took. */
  seconds: number;
  /** It did not say what it was built from, and the program trusts it (`trustUnverified`). */
  unverified?: true;
}

export const MANIFEST = "image.json";
/** One file is no larger; so is what the machine takes (host/image/session.ts). */
export const IMAGE_FILE_LIMIT = 32 * 1024 * 1024;
/** Without these it is no image. `entry`: entry.ts. */
export const NEEDED_FILES = ["acrn.bin", "board.xml", "entry", "scenario.xml"] as const;

/** What an image may be made of: nothing that leads out of its folder. */
export function isImageFile(name: string): boolean {
  return (
    (NEEDED_FILES as readonly string[]).includes(name) ||
    /^ACPI_VM\d{1,2}\.bin$/.test(name) ||
    /^configs\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}$/.test(name)
  );
}

const hash = z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hex");
const schema = z
  .strictObject({
    format: z.literal(1),
    id: z.string().refine(isImageId, "not the id of an image"),
    files: z.record(
      z.string().refine(isImageFile, "no file of an image"),
      z.strictObject({ sha256: hash, size: z.number().int().min(1).max(IMAGE_FILE_LIMIT) }),
    ),
    recipe: z.string().min(1).max(20_000),
    source: z.string().min(1).max(400),
    seconds: z.number().min(0).max(1e7),
    unverified: z.literal(true).optional(),
  })
  .superRefine(({ files }, context) => {
    for (const name of NEEDED_FILES)
      if (!Object.hasOwn(files, name))
        context.addIssue({ code: "custom", message: `${name} is missing`, path: ["files"] });
  });

/** @throws AcrnError `image.manifest` with the place; `image.newer` for a later format */
export function readManifest(text: string, file: string): ImageManifest {
  refuseNewer(text, file);
  return readOwnJson(schema as z.ZodType<ImageManifest>, text, {
    file,
    what: "the record of a hypervisor image",
    code: "image.manifest",
    hint: "It is not as pulumi-acrn wrote it, so the image does not count. Remove its folder: the next `pulumi up` builds it again.",
  });
}

/** The bytes of `image.json`: keys sorted, so that equal images have equal records. */
export function printManifest(manifest: ImageManifest): string {
  const files = Object.fromEntries(
    Object.entries(manifest.files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { sha256, size }]) => [name, { sha256, size }]),
  );
  const { format, id, recipe, source, seconds, unverified } = schema.parse(manifest);
  const trusted = unverified ? { unverified } : {};
  return `${JSON.stringify({ format, id, recipe, source, seconds, ...trusted, files }, null, 1)}\n`;
}

function refuseNewer(text: string, file: string): void {
  const format = /^\s*\{\s*"format"\s*:\s*(\d{1,6})\b/.exec(text)?.[1];
  if (format === undefined || Number(format) <= 1) return;
  throw new AcrnError("image.newer", "the record of a hypervisor image was written by a newer pulumi-acrn", {
    where: { file },
    hint: "Use a pulumi-acrn at least as new as the one that wrote it (npm install pulumi-acrn@latest).",
  });
}
