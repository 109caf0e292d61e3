import { z } from "zod";
import { AcrnError } from "../errors";
import { sortKeys } from "./same";
import type { FieldValue, Ledger } from "./types";

export const LEDGER_PATH = "/var/lib/pulumi-acrn/ledger.json";

export const emptyLedger: Ledger = { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} };

const value: z.ZodType<FieldValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(value), z.record(z.string(), value)]),
);

const schema = z.object({
  format: z.literal(1),
  sequence: z.number().int().nonnegative(),
  owners: z.record(
    z.string(),
    z.object({ id: z.string(), stack: z.string(), urn: z.string(), kind: z.string(), sequence: z.number().int() }),
  ),
  documents: z.record(
    z.string(),
    z.object({
      path: z.string().startsWith("/"),
      original: z.string().nullable(),
      origin: z
        .object({ label: z.string(), sha256: z.string(), text: z.string(), imported: z.literal(true).optional() })
        .optional(),
    }),
  ),
  fields: z.record(
    z.string().regex(/^\S+ \S/),
    z.object({
      baseline: z
        .union([
          z.object({ kind: z.literal("absent") }),
          z.object({ kind: z.literal("value"), value, raw: z.string() }),
        ])
        .optional(),
      applied: value.optional(),
      previous: value.optional(),
      claims: z.record(z.string(), value),
    }),
  ),
});

/**
 * Reads a ledger. No text: nobody has claimed anything yet.
 * @throws AcrnError `ledger.format` when it is not ours to understand: then nothing may be changed on that machine,
 * because what to give back would be lost.
 */
export function parseLedger(text: string | undefined, file = LEDGER_PATH): Ledger {
  if (text === undefined) return emptyLedger;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw broken(file, `it is no JSON (${(cause as Error).message})`, cause);
  }
  if (newer(data))
    throw new AcrnError("ledger.newer", "the ledger was written by a newer pulumi-acrn", {
      where: { file },
      hint: "Use a pulumi-acrn at least as new as the one that wrote it (npm install pulumi-acrn@latest).",
    });
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw broken(file, `${issue?.path.join(".") || "it"}: ${issue?.message}`, parsed.error);
  }
  const ledger = parsed.data as Ledger;
  for (const [id, field] of Object.entries(ledger.fields))
    for (const owner of Object.keys(field.claims))
      if (!Object.hasOwn(ledger.owners, owner))
        throw broken(file, `field ${id} is claimed by an unknown owner ${owner}`);
  return ledger;
}

/** The file's bytes, or undefined when nothing is claimed any more and the file shall go. */
export function serialiseLedger(ledger: Ledger): string | undefined {
  if (Object.keys(ledger.owners).length === 0) return undefined;
  return `${JSON.stringify(sortKeys(ledger), null, 1)}\n`;
}

function newer(data: unknown): boolean {
  return typeof data === "object" && data !== null && "format" in data && Number(data.format) > 1;
}

function broken(file: string, why: string, cause?: unknown): AcrnError {
  return new AcrnError("ledger.format", `the ledger cannot be read: ${why}`, {
    where: { file },
    hint:
      "It records what has to be given back, so nothing is written while it is broken. Restore it from a backup of the " +
      "machine; or move it away: then every value that the files hold now counts as the original.",
    cause,
  });
}
