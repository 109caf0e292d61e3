import { menuEntryId, WANTED_PATH } from "../../../provider/core/acrn/image/paths";
import { readWanted } from "../../../provider/core/acrn/image/wanted";
import { AcrnError } from "../../../provider/core/errors";
import { type Snapshot, textOf } from "../../../provider/core/snapshot";
import type { ImageState } from "../../../provider/host/image/state";

/** One image of ours; what is not there is false or null. */
export interface ImageRow {
  id: string;
  /** What was built lies beside its record: it can be installed. */
  staged: boolean;
  /** When it came to /boot, in ISO 8601. */
  installed: string | null;
  /** Release of the kernel that it was confirmed with and that was kept beside it. */
  kept: string | null;
  running: boolean;
  /** It boots by default. */
  promoted: boolean;
  /** It was the default before: 1 for the last one, 2 for the one before that. */
  before: number | null;
  /** The next boot, and only that, takes it. */
  next: boolean;
  /** A HypervisorImage wants it to run. */
  wanted: boolean;
}

export interface Images {
  images: ImageRow[];
  /** GRUB's entry for the next boot alone, whosever it is. */
  next: string | null;
  /** Bytes that are left in /boot. */
  free: number | null;
}

/** The default first, then those that were it before, then by age, then what is only built. */
export function imagesOf(state: ImageState, snapshot: Snapshot): Images {
  const { staged, installed, promoted, next = null, free = null } = state;
  const byAge = [...installed].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  const there = new Set([...staged, ...byAge]);
  const history = promoted ? [promoted.id, ...promoted.before].filter((id) => there.has(id)) : [];
  const ids = [...new Set([...history, ...byAge, ...[...staged].sort()])];
  return { images: ids.map((id) => rowOf(id, state, wantedOf(snapshot))), next, free };
}

function rowOf(
  id: string,
  { staged, installed, promoted, running, next }: ImageState,
  wanted: string | undefined,
): ImageRow {
  const boot = installed.find((each) => each.id === id);
  const before = promoted?.before.indexOf(id) ?? -1;
  return {
    id,
    staged: staged.includes(id),
    installed: boot === undefined ? null : isoTime(boot.at),
    kept: boot?.kept ?? null,
    running: running === id,
    promoted: promoted?.id === id,
    before: before < 0 ? null : before + 1,
    next: next === menuEntryId(id) || next === menuEntryId(id, { kept: true }),
    wanted: wanted === id,
  };
}

/** Seconds that no Date can hold are a host's lie, and are told as they are. */
function isoTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} s` : time.toISOString();
}

function wantedOf(snapshot: Snapshot): string | undefined {
  const text = textOf(snapshot, WANTED_PATH);
  try {
    return text === undefined ? undefined : readWanted(text).id;
  } catch (error) {
    if (error instanceof AcrnError) return undefined; // the next plan of the HypervisorImage says what is wrong with it
    throw error;
  }
}

export function imageCells({ id, staged, installed, kept, before, ...is }: ImageRow): string[] {
  const words = [
    ...(is.running ? ["runs"] : []),
    ...(is.promoted ? ["the default"] : []),
    ...(before === null || is.promoted
      ? []
      : [before === 1 ? "the default before" : `the default ${before} times ago`]),
    ...(is.next ? ["tried at the next boot"] : []),
    ...(is.wanted ? ["wanted"] : []),
  ];
  return [id, staged ? "yes" : "-", installed ?? "-", kept ?? "-", words.join(", ")];
}
