import type { Document, FieldValue } from "./types";

/** What settles a field in a text: a value that is written, or the bytes from before that go back (undefined: nothing was there). */
export type Change = { key: string; value: FieldValue } | { key: string; raw: string | undefined };

/** The text of a document with these changes. */
export function changed({ surface, path }: Document, text: string, changes: readonly Change[]): string {
  const values = changes.flatMap((change) => ("value" in change ? [[change.key, change.value] as const] : []));
  if (surface.apart && values.length > 1 && values.length === changes.length)
    return surface.apart.write(text, path, values);
  return changes.reduce(
    (sofar, change) =>
      "value" in change
        ? surface.write(sofar, path, change.key, change.value)
        : surface.restore(sofar, path, change.key, change.raw),
    text,
  );
}
