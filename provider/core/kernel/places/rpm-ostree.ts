import { canonicalName } from "../cmdline/keys";
import { parseCmdline } from "../cmdline/parse";
import { type ParamValue, paramsOf, printWord, wordsFor } from "../cmdline/value";

/** A parameter that shall have a value; null: that shall not be there. */
export interface KernelChange {
  key: string;
  value: ParamValue | null;
}

/**
 * The words of one `rpm-ostree kargs` that brings `line` (what `rpm-ostree kargs` prints) there; empty where it says all that already. A key goes word by word and
 * comes again behind the others: `--replace` takes neither a value with a `=` nor stands beside `--delete`
 * [rpm-ostree, src/app/rpmostree-builtin-kargs.cxx]. Names go as they are spelled: rpm-ostree compares them byte by byte.
 */
export function kargsWords(line: string, changes: readonly KernelChange[]): string[] {
  const parsed = parseCmdline(line);
  const options = changes.flatMap(({ key, value }) => {
    const found = paramsOf(parsed, key);
    const words = value === null ? [] : wordsFor(key, value);
    const spelled = words.map((word) => {
      const name = found.find((each) => canonicalName(each.name) === canonicalName(word.name))?.name ?? word.name;
      return printWord(name, word.value);
    });
    const there = found.map(({ raw }) => raw);
    if (JSON.stringify(there) === JSON.stringify(spelled)) return [];
    return [...there.map((word) => `--delete-if-present=${word}`), ...spelled.map((word) => `--append=${word}`)];
  });
  return options.length === 0 ? [] : ["rpm-ostree", "kargs", ...options];
}
