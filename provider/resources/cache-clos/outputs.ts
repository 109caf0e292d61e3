import { closPicture } from "../../core/acrn/clos/picture";
import type { ClassWays, ClosPlan } from "../../core/acrn/clos/plan";
import { countWays, formatBytes, formatMask, formatWays } from "../../core/hardware/ways";

export const OUTPUTS = ["closIds", "masks", "ways", "bytes", "picture"] as const;

/** Maps by class and cache (`L2 0x1`), known in preview. A size that the board does not tell is missing in `bytes`. */
export function closOutputs(plan: ClosPlan): Record<string, unknown> {
  const sized = plan.ways.filter(({ bytes }) => bytes !== undefined);
  return {
    closIds: plan.closIds,
    masks: byClass(plan.ways, ({ mask }) => formatMask(mask)),
    ways: byClass(plan.ways, ({ mask }) => formatWays(mask)),
    bytes: byClass(sized, ({ mask, bytes = 0 }) => Math.round(countWays(mask) * bytes)),
    picture: closPicture(plan),
  };
}

function byClass<T>(ways: readonly ClassWays[], value: (each: ClassWays) => T): Record<string, Record<string, T>> {
  const out: Record<string, Record<string, T>> = {};
  for (const each of ways) {
    out[each.name] ??= {};
    (out[each.name] as Record<string, T>)[each.cache] = value(each);
  }
  return out;
}

/** Which ways and why, a line for a class on all caches where that is the same. */
export function closReasons({ ways }: ClosPlan): string[] {
  const said = new Map<string, { caches: string[]; line(caches: string): string }>();
  for (const { name, cache, mask, bytes, why } of ways) {
    const size = bytes === undefined ? "" : `, ${formatBytes(countWays(mask) * bytes)}`;
    const line = (on: string) =>
      `${name}: ways ${formatWays(mask)} of ${on} (${formatMask(mask)}${size})${why ? `: ${why}` : ""}`;
    const same = said.get(line(""));
    if (same) same.caches.push(cache);
    else said.set(line(""), { caches: [cache], line });
  }
  return [...said.values()].map(({ caches, line }) => line(caches.join(", ")));
}
