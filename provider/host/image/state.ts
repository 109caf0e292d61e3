import type { Promoted } from "../../core/acrn/image/promoted";

/** The kernel that runs; what is absent does not lie in /boot. */
export interface Kernels {
  release?: string;
  kernel?: { path: string; size: number };
  initrd?: { path: string; size: number };
}

/** What is there of images. */
export interface ImageState {
  /** The latest first. */
  staged: string[];
  /** Folders without a record: launch scripts that were kept, or what a cut left. */
  partial: string[];
  /** `at`: seconds since the epoch; `kept`: the release of the kernel that was kept with it. */
  installed: { id: string; at: number; kept?: string }[];
  promoted?: Promoted;
  /** By the marker on /proc/cmdline. */
  running?: string;
  /** grubenv's `next_entry`, whosever it is. */
  next?: string;
  /** Bytes that are left in /boot. */
  free?: number;
}

export function readKernels(lines: readonly string[]): Kernels {
  const found: Kernels = {};
  for (const line of lines) {
    const [, word, size, path] = /^(kernel|initrd) (\d{1,12}) (\/.*)$/.exec(line) ?? [];
    if (path !== undefined) found[word as "kernel" | "initrd"] = { path, size: Number(size) };
    else if (line.startsWith("release ")) found.release = line.slice(8);
  }
  return found;
}

export function readState(lines: readonly string[]): ImageState {
  const of = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const [promoted, ...before] = of("promoted");
  const [running] = of("running");
  const [next] = of("next");
  const [free] = of("free");
  return {
    staged: byAge(of("staged")),
    partial: of("partial"),
    installed: of("installed").flatMap((line) => {
      const [, id, at, kept] = /^([0-9a-f]{16}) (\d{1,15}) (.+)$/.exec(line) ?? [];
      if (id === undefined) return [];
      return [{ id, at: Number(at), ...(kept === undefined || kept === "-" ? {} : { kept }) }];
    }),
    ...(promoted === undefined ? {} : { promoted: { id: promoted, before } }),
    ...(running === undefined ? {} : { running }),
    ...(next === undefined ? {} : { next }),
    ...(free === undefined ? {} : { free: Number(free) }),
  };
}

/** `ID TIME`, the latest first; of the same second in the order of their ids. */
function byAge(lines: readonly string[]): string[] {
  const rows = lines.flatMap((line) => {
    const [, id, at] = /^([0-9a-f]{16})(?: (\d{1,15}))?$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id, at: Number(at ?? 0) }];
  });
  return rows.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}
