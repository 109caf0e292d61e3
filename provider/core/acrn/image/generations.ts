import type { Promoted } from "./promoted";

/** What is known of the installed images. */
export interface Installed {
  /** Each with when it was installed, in seconds. */
  installed: readonly { id: string; at: number }[];
  /** What was built, the latest first, whether it was installed or not. */
  staged?: readonly string[];
  /** What `images/promoted` says. */
  promoted: Promoted | undefined;
  /** By the marker (marker.ts). */
  running: string | undefined;
  wanted: string | undefined;
  /** GRUB's `next_entry`: an image that is tried at the next boot. */
  next?: string | undefined;
  keep: number;
}

export interface Generations {
  promoted: string | undefined;
  running: string | undefined;
  /** The one that was promoted before, as far as it is still installed: where `rollback` leads. */
  before: string | undefined;
  /** Newest first: promoted, then those promoted before, then the rest by age. */
  keep: string[];
  /** May go, oldest first: what was installed, then what was only built. */
  prune: string[];
}

/**
 * Which images stay and which may go. Whatever `keep` says, these stay: the running, the promoted, the one promoted before it, the wanted, and
 * the one that is tried next. Of those that were built and never installed, as many: somebody may be about to install one of them.
 */
export function generationsOf(found: Installed): Generations {
  const { installed, promoted: record, running, wanted, next, keep, staged = [] } = found;
  const there = new Set(installed.map(({ id }) => id));
  const promoted = record && there.has(record.id) ? record.id : undefined;
  const history = (record?.before ?? []).filter((id) => there.has(id));
  const byAge = [...installed].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  const order = [...new Set([...(promoted ? [promoted] : []), ...history, ...byAge])];
  const [before] = history;
  const tried = next?.replace(/^pulumi-acrn-/, "").replace(/-kept$/, "");
  const stays = new Set([promoted, before, running, wanted, tried]);
  let left = keep - order.filter((id) => stays.has(id)).length;
  const kept = order.filter((id) => stays.has(id) || left-- > 0);
  const built = staged.filter((id) => !there.has(id) && !stays.has(id)).slice(keep);
  const old = order.filter((id) => !kept.includes(id));
  return { promoted, running, before, keep: kept, prune: [...old.reverse(), ...built.reverse()] };
}
