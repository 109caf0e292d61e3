import { child, childrenNamed } from "../../xml";
import type { BoardFile } from "./query";

/** The sum of `memory/range[not(@id)]/@size`, in bytes there (reference 4). */
export function readMemoryMb({ root }: BoardFile): number | undefined {
  const memory = child(root, "memory");
  const ranges = memory ? childrenNamed(memory, "range").filter(({ attributes }) => !attributes.has("id")) : [];
  const bytes = ranges.map(({ attributes }) => Number(attributes.get("size")));
  if (bytes.length === 0 || !bytes.every((size) => Number.isSafeInteger(size) && size >= 0)) return undefined;
  return Math.floor(bytes.reduce((sum, size) => sum + size, 0) / (1024 * 1024));
}
