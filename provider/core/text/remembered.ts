/** How much is kept: of texts, and of characters in them. */
export interface Keeping {
  texts: number;
  chars: number;
}

/**
 * As many texts as one plan goes through. A parsed scenario takes about 13 bytes for each character, and one that is kept
 * for no use costs nearly as much as to parse it: the garbage collector copies it twice.
 */
const USUAL: Keeping = { texts: 8, chars: 1024 * 1024 };

/** `like`: what was made of the same text under another name, else what was asked for last. It may save work, and change nothing. */
type Read<T> = (text: string, file: string, like?: T) => T;

interface Kept<T> {
  text: string;
  file: string;
  made: T;
}

/**
 * `read`, but a text that it has read lately is not read again: one plan asks a scenario for each of its fields, and the
 * resources of a host, or hosts of one make, ask for the same text. `read` has to be pure and its results are shared, so
 * nobody may change them. Errors are not kept. What was asked for longest ago goes first.
 */
export function remembered<T>(read: Read<T>, most: Keeping = USUAL): (text: string, file: string) => T {
  // The latest first. A list and no map: to compare few texts costs less than the hash of a new one.
  const kept: Kept<T>[] = [];
  return (text, file) => {
    const at = kept.findIndex((each) => each.text === text);
    const known = at === -1 ? undefined : kept[at];
    // The name of the file is part of what is made: errors tell it.
    const entry = known?.file === file ? known : { text, file, made: read(text, file, known?.made ?? kept[0]?.made) };
    if (at !== -1) kept.splice(at, 1);
    kept.unshift(entry);
    forget(kept, most);
    return entry.made;
  };
}

function forget(kept: Kept<unknown>[], { texts, chars }: Keeping): void {
  let size = 0;
  let count = 0;
  while (count < kept.length && count < texts) {
    size += (kept[count] as Kept<unknown>).text.length;
    if (size > chars) break;
    count++;
  }
  kept.length = count;
}
