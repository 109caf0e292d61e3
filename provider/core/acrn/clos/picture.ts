import type { ClosPlan } from "./plan";

/**
 * The caches as people draw them: one row a class, one column a way, way 0 on the right as bit 0 of a mask is.
 * Caches that look the same stand together.
 *
 * @example
 * L2 0x1, L2 0x2 (20 ways, highest left)
 *   rt    ########............
 *   rest  ........############
 */
export function closPicture({ ways, held }: Pick<ClosPlan, "ways" | "held">): string {
  const names = [...ways.map(({ name }) => name), ...held.map(({ name }) => name)];
  const column = Math.max(0, ...names.map(({ length }) => length));
  const drawn = new Map<string, { caches: string[]; width: number }>();
  for (const cache of new Set(ways.map((each) => each.cache))) {
    const rows = ways.filter((each) => each.cache === cache);
    const width = rows[0]?.width ?? 0;
    const lines = [...rows, ...held.filter((each) => each.cache === cache)].map(
      ({ name, mask }) => `  ${name.padEnd(column)}  ${bar(mask, width)}`,
    );
    const text = lines.join("\n");
    const same = drawn.get(text);
    if (same) same.caches.push(cache);
    else drawn.set(text, { caches: [cache], width });
  }
  return [...drawn]
    .map(([lines, { caches, width }]) => `${caches.join(", ")} (${width} ways, highest left)\n${lines}`)
    .join("\n");
}

function bar(mask: number, width: number): string {
  return Array.from({ length: width }, (_, at) => (((mask >>> (width - 1 - at)) & 1) === 1 ? "#" : ".")).join("");
}
