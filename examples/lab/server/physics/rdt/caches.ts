import { at, rootOf, textOf } from "../xml";
import type { CatCache } from "./table";

/** The caches of a board that can be divided; up to v2.4 boards have text alone, which says nothing of single caches. */
export function catCaches(board: string): CatCache[] {
  const root = rootOf(board);
  if (!root) return [];
  return at(root, "caches/cache").flatMap((cache): CatCache[] => {
    const capability = (id: string) => at(cache, "capability").find((one) => one.attributes.id === id);
    const cat = capability("CAT");
    const level = Number(cache.attributes.level);
    if (!cat || (level !== 2 && level !== 3)) return [];
    return [
      {
        level,
        id: cache.attributes.id ?? "",
        length: Number(textOf(cat, "capacity_mask_length")),
        clos: Number(textOf(cat, "clos_number")),
        // a child of CAT where the capability was inferred (reference 4)
        cdp: capability("CDP") !== undefined || at(cat, "capability").some((one) => one.attributes.id === "CDP"),
        apicIds: at(cache, "processors/processor").map((id) => Number(id.text)),
      },
    ];
  });
}
