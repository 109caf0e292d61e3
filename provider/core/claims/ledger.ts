import { z } from "zod";
import { AcrnError, type Place } from "../errors";
import { JSON_DEPTH, placeInJson } from "../text/json-place";
import { visible } from "../text/visible";
import { isRecord, sortKeys } from "./same";
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
  const no = (why: string, path?: readonly PropertyKey[], cause?: unknown) =>
    broken(why, placeInJson(text, file, path), cause);
  const data = jsonOf(text, no);
  if (newer(data))
    throw new AcrnError("ledger.newer", "the ledger was written by a newer pulumi-acrn", {
      where: placeInJson(text, file, ["format"]),
      hint: "Use a pulumi-acrn at least as new as the one that wrote it (npm install pulumi-acrn@latest).",
    });
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw no(`${quoted(issue?.path.join(".") || "it")}: ${issue?.message}`, issue?.path ?? [], parsed.error);
  }
  const ledger = parsed.data as Ledger;
  refuseStrayIds(ledger, no);
  return ledger;
}

type No = (why: string, path?: readonly PropertyKey[], cause?: unknown) => AcrnError;

function jsonOf(text: string, no: No): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    // Its own sentence may quote the text as it is, terminal escapes and all.
    throw no("it is no JSON from here on", undefined, cause);
  }
  const stray = strayPath(data);
  if (stray?.length === JSON_DEPTH + 1) throw no(`it is more than ${JSON_DEPTH} levels deep`);
  if (stray) throw no("it has a key __proto__", stray);
  return data;
}

/**
 * The path to a value that is nested too deep, or to a key `__proto__`: zod would descend into the one until the stack is
 * full, and drop the other without a word. Breadth first, so that the depth of the data is no depth of ours.
 */
function strayPath(data: unknown): string[] | undefined {
  let level: { value: unknown; path: string[] }[] = [{ value: data, path: [] }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { value, path } of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const [key, each] of Object.entries(value)) {
        const at = [...path, key];
        if (at.length > JSON_DEPTH || key === "__proto__") return at;
        next.push({ value: each, path: at });
      }
    }
    level = next;
  }
  return undefined;
}

/** Each owner under its own id, and no claim of anybody else. */
function refuseStrayIds(ledger: Ledger, no: No): void {
  for (const [id, owner] of Object.entries(ledger.owners))
    if (owner.id !== id) throw no(`the owner ${quoted(id)} says that its id is ${quoted(owner.id)}`, ["owners", id]);
  for (const [id, field] of Object.entries(ledger.fields))
    for (const owner of Object.keys(field.claims))
      if (!Object.hasOwn(ledger.owners, owner))
        throw no(`field ${quoted(id)} is claimed by an unknown owner ${quoted(owner)}`, [
          "fields",
          id,
          "claims",
          owner,
        ]);
}

/** The file's bytes, or undefined when nothing is claimed any more and the file shall go. */
export function serialiseLedger(ledger: Ledger): string | undefined {
  if (Object.keys(ledger.owners).length === 0) return undefined;
  return `${JSON.stringify(sortKeys(ledger), null, 1)}\n`;
}

function newer(data: unknown): boolean {
  return isRecord(data) && typeof data.format === "number" && data.format > 1;
}

/** Foreign text within a sentence: short, and harmless to a terminal. */
function quoted(text: string): string {
  return visible(text.length > 120 ? `${text.slice(0, 120)}...` : text);
}

function broken(why: string, where: Place, cause?: unknown): AcrnError {
  return new AcrnError("ledger.format", `the ledger cannot be read: ${why}`, {
    where,
    hint:
      "It records what has to be given back, so nothing is written while it is broken. Restore it from a backup of the " +
      "machine; or move it away: then every value that the files hold now counts as the original.",
    ...(cause === undefined ? {} : { cause }),
  });
}
