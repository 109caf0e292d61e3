import { generationsOf } from "../../core/acrn/image/generations";
import { AcrnError } from "../../core/errors";
import type { ImageSession } from "../../host/image/session";

export interface Pruning {
  /** The image that shall run. */
  wanted: string;
  keep: number;
  /** False: what was installed stays, and GRUB's menu with it. @default true */
  installed?: boolean;
  progress(what: string): void;
}

/** Generations that are too many, and what was built and never installed. Returns what went; GRUB's menu names it no more. */
export async function prune(session: ImageSession, pruning: Pruning): Promise<string[]> {
  const { wanted, keep, installed: both = true, progress } = pruning;
  const { staged, installed, promoted, running, next } = await session.state();
  const { prune: all } = generationsOf({ staged, installed, promoted, running, wanted, next, keep });
  const old = both ? all : all.filter((id) => !installed.some((each) => each.id === id));
  if (old.length === 0) return [];
  const { pruned } = await session.prune(old);
  if (installed.some(({ id }) => pruned.includes(id))) await unlisted(session, pruned, progress);
  return pruned;
}

/** Until then the menu offers entries whose files are gone. */
async function unlisted(session: ImageSession, pruned: string[], progress: Pruning["progress"]): Promise<void> {
  try {
    await session.updateGrub((seconds) => progress(`update-grub: ${seconds} s`));
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    throw error.within(`${pruned.join(", ")} went, and GRUB's menu names them until the next update-grub`);
  }
}
