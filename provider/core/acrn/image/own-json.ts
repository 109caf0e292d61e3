import type { z } from "zod";
import { AcrnError } from "../../errors";
import { placeInJson } from "../../text/json-place";
import { visible } from "../../text/visible";

/** Far above anything that we write. */
const LIMIT = 1024 * 1024;

export interface OwnFile {
  file: string;
  /** What it is, for the sentence: `the record of the image`. */
  what: string;
  code: string;
  hint: string;
}

/** Reads a JSON file of ours. Whatever else it holds is refused, with its place. */
export function readOwnJson<T>(schema: z.ZodType<T>, text: string, { file, what, code, hint }: OwnFile): T {
  const no = (why: string, path?: readonly PropertyKey[], cause?: unknown): AcrnError =>
    new AcrnError(code, `${what} cannot be read: ${visible(why.slice(0, 200))}`, {
      where: text.length > LIMIT ? { file } : placeInJson(text, file, path),
      hint,
      ...(cause === undefined ? {} : { cause }),
    });
  if (text.length > LIMIT) throw no("it is larger than 1 MiB");
  let data: unknown;
  let stray = false;
  try {
    data = JSON.parse(text, (key, value) => {
      stray ||= key === "__proto__";
      return value;
    });
  } catch (cause) {
    throw no("it is no JSON from here on", undefined, cause);
  }
  if (stray) throw no("it has a key __proto__", []);
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw no(`${issue?.path.join(".") || "it"}: ${issue?.message}`, issue?.path ?? [], parsed.error);
}
