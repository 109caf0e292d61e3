import { isRecord } from "../../core/claims/same";
import { currentText, type Documents } from "../../core/claims/types";
import { gpuId, limitsOf } from "../../core/gpu/document";
import { LIMITS } from "../../core/gpu/read";
import { writtenIn } from "./pending";

/** The limits as i915 has them; an argument shows another value only where it is another one than the last up put there. */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const document = documents.get(gpuId(String(state.gpu)));
  const running = limitsOf(document && currentText(document));
  const written = writtenIn(documents);
  const before = isRecord(state.mhz) ? state.mhz : {};
  // Where something ran (`range` tells), nothing runs now that i915 is gone, whatever the rules say.
  const now = running ?? (state.range === undefined ? written : undefined);
  const mhz = Object.fromEntries(LIMITS.map((limit) => [limit, now?.[limit]]));
  const live = LIMITS.flatMap((limit): [string, unknown][] => {
    if (state[limit] === undefined) return [];
    if (mhz[limit] !== before[limit]) return [[limit, mhz[limit] ?? "(not set)"]];
    return written?.[limit] === before[limit] ? [] : [[limit, "(not in udev's rules)"]];
  });
  return { mhz, ...Object.fromEntries(live) };
}
