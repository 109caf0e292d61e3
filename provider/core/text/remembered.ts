/** What is kept at most, in characters of text: a parsed scenario takes about 13 bytes for each. */
const LIMIT = 512 * 1024;

type Read<T> = (text: string, file: string) => T;

interface Kept<T> {
  file: string;
  made: T;
}

/**
 * `read`, but a text that it has read lately is not read again: one plan asks a scenario for each of its fields, and the
 * resources of a host, or hosts of one make, ask for the same text. `read` has to be pure and its results are shared, so
 * nobody may change them. Errors are not kept. What was asked for longest ago goes first.
 */
export function remembered<T>(read: Read<T>, limit = LIMIT): Read<T> {
  const kept = new Map<string, Kept<T>>(); // in the order of asking
  let size = 0;
  return (text, file) => {
    const known = kept.get(text);
    if (known) kept.delete(text);
    else size += text.length;
    // The name of the file is part of what is made: errors tell it.
    const one = known?.file === file ? known : undefined;
    try {
      const entry = one ?? { file, made: read(text, file) };
      kept.set(text, entry);
      for (const old of kept.keys()) {
        if (size <= limit) break;
        kept.delete(old);
        size -= old.length;
      }
      return entry.made;
    } catch (error) {
      size -= text.length;
      throw error;
    }
  };
}
