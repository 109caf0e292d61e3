import { type ParamValue, printWord, wordsFor } from "./value";

/** Parameters by key as they stand on a command line; those that shall not be there are left out. */
export function lineOf(params: Readonly<Record<string, ParamValue | null>>): string {
  return Object.entries(params)
    .flatMap(([key, value]) =>
      value === null ? [] : wordsFor(key, value).map((word) => printWord(word.name, word.value)),
    )
    .join(" ");
}
