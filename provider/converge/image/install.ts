import { menuEntryId } from "../../core/acrn/image/paths";
import type { BesideImage } from "../../core/acrn/power/types";
import { AcrnError } from "../../core/errors";
import { ImageSession } from "../../host/image/session";
import type { ImageState } from "../../host/image/state";
import type { Target } from "../../host/types";
import { bootsByDefaultId, hasEntry } from "./menu";
import { prune } from "./prune";

export interface Installing {
  target: Target;
  id: string;
  /** How many generations stay. */
  keep: number;
  /** Launch scripts beside images (activate/beside.ts). */
  beside?: readonly BesideImage[] | undefined;
  progress(what: string): void;
}

/** Beside what runs, with an entry in GRUB's menu; what boots by default stays what it is. @throws AcrnError before anything is interrupted */
export async function install({ target, id, beside = [], progress }: Installing): Promise<void> {
  const session = await ImageSession.open(target);
  try {
    const state = await session.state();
    const { staged } = state;
    if (!staged.includes(id))
      throw new AcrnError("image.unstaged", `${session.label}: image ${id} has not been built`, {
        hint: "Run `pulumi up`: its HypervisorImage builds it.",
      });
    const trouble = await session.oneShotTrouble();
    if (trouble !== undefined) throw noOneShot(session, trouble);
    progress(`installing image ${id}`);
    await session.install(id);
    for (const { image, scripts } of beside) await session.putScripts(image, scripts);
    for (const other of neverConfirmed(state, [id, ...beside.map(({ image }) => image)]))
      await session.putScripts(other, new Map());
    progress("update-grub");
    await session.updateGrub((seconds) => progress(`update-grub: ${seconds} s`));
    if (!(await hasEntry(session, id)))
      throw new AcrnError(
        "image.entry",
        `${session.label}: GRUB's menu has no entry ${menuEntryId(id)} that could be booted once`,
        {
          hint: "Nothing was interrupted, and the default boots as before. Is there a kernel with CONFIG_ACRN_HSM in /boot, and is /etc/grub.d/26_pulumi_acrn executable?",
        },
      );
  } finally {
    await session.close();
  }
}

/** Their trial was in vain: what stands beside them starts scripts that waited for them then, and do no more. */
function neverConfirmed({ staged, promoted, running }: ImageState, now: readonly string[]): string[] {
  const stays = new Set([...now, running, promoted?.id, ...(promoted?.before ?? [])]);
  return staged.filter((id) => !stays.has(id));
}

function noOneShot({ label }: ImageSession, why: string): AcrnError {
  return new AcrnError("image.one-shot", `${label}: a new image cannot be tried once: ${why}`, {
    hint: "Nothing was interrupted. Put /boot/grub on a plain ext4, xfs or FAT partition, without LVM and RAID.",
  });
}

/** The next boot, and only that, takes the image. */
export async function arm({ target, id, progress }: Installing): Promise<void> {
  const session = await ImageSession.open(target);
  try {
    progress(`the next boot takes image ${id}, once`);
    await session.oneShot(id);
  } finally {
    await session.close();
  }
}

/** For a boot that did not come about. What somebody else set for the next boot stays. */
export async function disarm({ target }: Pick<Installing, "target">): Promise<void> {
  const session = await ImageSession.open(target);
  try {
    await session.clearOneShot();
  } finally {
    await session.close();
  }
}

/** It was booted and confirmed: from now on it is the default, with the kernel that it was confirmed with beside it; older ones go. */
export async function promote({ target, id, keep, progress }: Installing): Promise<string> {
  const session = await ImageSession.open(target);
  try {
    progress(`image ${id} becomes the default`);
    await session.keepKernel(id);
    await session.promote(id);
    try {
      await session.updateGrub((seconds) => progress(`update-grub: ${seconds} s`));
      refuseOther(session, id, await bootsByDefaultId(session));
    } catch (error) {
      await takeBack(session, id);
      throw error;
    }
    return `image ${id} is the default${await tidied(session, { id, keep, progress })}`;
  } finally {
    await session.close();
  }
}

/** What is not the default is not called so: the next run promotes again. A menu that boots it all the same only failed to be synced. */
async function takeBack(session: ImageSession, id: string): Promise<void> {
  const boots = await bootsByDefaultId(session).catch(() => undefined);
  if (boots !== menuEntryId(id)) await session.unpromote().catch(() => {});
}

/** The promotion stands by now, whatever comes of this: what fails is told behind it. */
async function tidied(session: ImageSession, { id, keep, progress }: Omit<Installing, "target">): Promise<string> {
  try {
    // GRUB leaves the name of what it took once, without a value
    await session.clearOneShot();
    const pruned = await prune(session, { wanted: id, keep, progress });
    return pruned.length > 0 ? `, and ${pruned.join(", ")} went` : "";
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    return `; warning: clearing up behind it failed, and the next promotion does that: ${error.summary}`;
  }
}

function refuseOther({ label }: ImageSession, id: string, boots: string | undefined): void {
  if (boots === menuEntryId(id)) return;
  const said = boots ?? "nobody can tell what it would boot";
  throw new AcrnError(
    "image.default",
    `${label}: image ${id} runs and is confirmed, and GRUB would not boot it by default: ${said}`,
    { hint: "Does something after /etc/default/grub.d/zz-pulumi-acrn.cfg set GRUB_DEFAULT? Mend it and run again." },
  );
}
