import { sysctlPath } from "../sysctl/names";
import type { Entry, Replaced, What } from "./types";

/** One key as a layer says it. `null`: it shall not be there. `false`: nothing is said of it any more. */
export interface Said {
  what: What;
  key: string;
  value: string | true | null | false;
  reason: string;
  source: string;
  tip?: string;
  ifThere?: string;
  from: string;
  over: readonly Replaced[];
}

/** Settings by kind and key, in the order in which they were first said. */
export type Layer = ReadonlyMap<string, Said>;

export const EMPTY: Layer = new Map();

/**
 * A key of the command line and one of sysctl may have the same name; and one key may be written in two ways: `intel-idle.max_cstate` [Linux kernel/params.c dash2underscore],
 * `kernel/timer_migration` [sysctl.d(5)].
 */
export function idOf({ what, key }: Pick<Entry, "what" | "key">): string {
  if (what === "sysctl") return `${what} ${sysctlPath(key)}`;
  return `${what} ${what === "kernelArg" ? key.replaceAll("-", "_") : key}`;
}

/** @throws nothing: of two entries with one key the later one counts, as between layers */
export function layerOf(said: readonly Said[]): Layer {
  return said.map((each): Layer => new Map([[idOf(each), each]])).reduce(merge, EMPTY);
}

/**
 * `upper` over `lower`: same keys take the upper value and remember what they replaced, in the lower place; new keys come behind. Associative, with the
 * empty layer as its unit, so a profile built on a profile gives the same whichever two are put together first.
 */
export function merge(lower: Layer, upper: Layer): Layer {
  const out = new Map(lower);
  for (const [id, said] of upper) {
    const below = lower.get(id);
    out.set(
      id,
      below ? { ...said, over: [...said.over, { from: below.from, value: below.value }, ...below.over] } : said,
    );
  }
  return out;
}
