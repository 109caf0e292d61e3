import type { Around } from "./around";
import { imageAround } from "./image/around";

/** By the type that the ledger records. */
const arounds: Record<string, Around<never>> = { HypervisorImage: imageAround };

/** Undefined for a kind that does nothing but plan and write files. */
export function aroundOf<A>(type: string): Around<A> | undefined {
  return Object.hasOwn(arounds, type) ? (arounds[type] as unknown as Around<A>) : undefined;
}
