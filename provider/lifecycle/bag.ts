import { isRecord } from "../core/claims/same";

/** The engine's unknown value, anywhere nested, in a preview (pulumi/sdk/nodejs/runtime/rpc.ts). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** First word of the plan of a machine that a check could not reach. */
export const UNREACHABLE = "unreachable:";

export type Bag = Record<string, unknown>;

export function hasUnknown(x: unknown): boolean {
  if (x === UNKNOWN) return true;
  if (Array.isArray(x)) return x.some(hasUnknown);
  return isRecord(x) && Object.values(x).some(hasUnknown);
}

/** `undefined` anywhere in a result kills the call ("Unexpected struct type"), so every result passes here. */
export function plain<T>(x: T): T {
  if (Array.isArray(x)) return x.filter((v) => v !== undefined).map(plain) as T;
  if (!isRecord(x)) return x;
  return Object.fromEntries(
    Object.entries(x)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, plain(v)]),
  ) as T;
}

/** What the faces pass beside the arguments; names that start with `__` are never displayed. */
export interface Hidden {
  urn: string;
  stack: string;
  version: string;
}

export function hiddenOf(bag: Bag): Hidden {
  return { urn: textOf(bag.__urn), stack: textOf(bag.__stack), version: textOf(bag.__package) };
}

/** Bags come from states too, which people edit: `String` of an object with a `toString` of its own throws. */
function textOf(x: unknown): string {
  return typeof x === "string" ? x : "";
}

/** The face's own keys: neither hidden, nor the resource's host, nor what a check adds. */
export function argsOf(bag: Bag, added: readonly string[]): Bag {
  const skip = new Set([...added, "host", "plan", "pending", "machine"]);
  return Object.fromEntries(Object.entries(bag).filter(([k]) => !k.startsWith("__") && !skip.has(k)));
}
