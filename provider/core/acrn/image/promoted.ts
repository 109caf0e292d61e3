import { isImageId } from "./paths";

/** What `images/promoted` says. */
export interface Promoted {
  id: string;
  /** Those that were promoted before it, newest first. */
  before: string[];
}

/** The first line is the switch (the fragment reads no other); the lines below are how it came to it. Anything strange: nothing is promoted. */
export function readPromoted(text: string | undefined): Promoted | undefined {
  const [id, ...rest] = (text ?? "").split("\n");
  if (id === undefined || !isImageId(id)) return undefined;
  const before = rest.filter((line) => isImageId(line) && line !== id);
  return { id, before: [...new Set(before)] };
}
