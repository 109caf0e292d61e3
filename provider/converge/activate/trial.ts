import { BOOT_IMAGES } from "../../core/acrn/image/paths";
import type { PowerImage } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import type { Snapshot } from "../../core/snapshot";
import { ImageSession } from "../../host/image/session";
import { arm, disarm, install, promote } from "../image/install";
import type { Performance } from "./performance";
import { standing } from "./standing";

/** Beside what runs; or, where it runs already, the default from now on. */
export async function installStep(image: PowerImage, work: Performance): Promise<string> {
  const { id, keep, boots, beside } = image;
  const { target, progress } = work;
  if (!boots) return confirmed(image, work);
  await standing(`installing image ${id}`, AS_BEFORE, install({ target, id, keep, beside, progress }));
  return `image ${id} was installed`;
}

const AS_BEFORE = "What boots by default is as before. Nothing was interrupted.";

/** The next boot, and only that, takes it. Last of all before the reboot: until then a power cut boots what boots today. */
export async function armed<T>(
  image: PowerImage | undefined,
  work: Performance,
  reboots: () => Promise<T>,
): Promise<T> {
  if (!image) return reboots();
  const { target, progress } = work;
  const what = { target, id: image.id, keep: image.keep, progress };
  await arm(what);
  try {
    return await reboots();
  } catch (error) {
    await disarm({ target }).catch(() => {});
    throw error;
  }
}

/** A run that died between the word to GRUB and the boot left a trial that nobody would be there to confirm: no later boot takes it. */
export async function forgetTrial({ files }: Snapshot, { target }: Pick<Performance, "target">): Promise<void> {
  const installed = [...files.values()].some(({ path, kind }) => kind === "file" && path.startsWith(`${BOOT_IMAGES}/`));
  if (installed) await standing("before anything is done", "Nothing was interrupted.", disarm({ target }));
}

/** Over a new connection: is it the image that was to be tried? */
export async function bootedInto({ id }: PowerImage, { target }: Performance): Promise<string | undefined> {
  const session = await ImageSession.open(target);
  try {
    const { running } = await session.state();
    return running === id ? undefined : (running ?? "an image without our mark");
  } finally {
    await session.close();
  }
}

export function notTaken({ id }: PowerImage, ran: string, again: readonly string[]): AcrnError {
  const vms = again.length > 0 ? ` ${again.join(", ")} ran before and runs again.` : "";
  return new AcrnError("image.not-booted", `image ${id} was tried and the machine came back with ${ran}`, {
    hint: `Nothing was promoted: the default is as before.${vms} The image may have failed at its start, so that the machine reset: its console tells. Build another, or try again.`,
  });
}

/** What a machine that does not come back means here. */
export function tried<T>(
  image: PowerImage | undefined,
  work: Promise<T>,
  { target }: Pick<Performance, "target">,
): Promise<T> {
  if (!image) return work;
  return work.catch(async (error: unknown) => {
    if (!(error instanceof AcrnError)) throw error;
    // it answers and has not rebooted: some later boot, with nobody there to confirm it, must not be the trial
    if (/same boot id/.test(error.message)) await disarm({ target }).catch(() => {});
    throw error.within(
      `image ${image.id} was tried, and is not promoted: the next reset of the machine boots the one before`,
    );
  });
}

/** It came back, with what was to run on it: the default from now on. */
export async function confirmed({ id, keep }: PowerImage, { target, progress }: Performance): Promise<string> {
  // also where the link broke: the machine may have promoted it all the same
  const stands = `Image ${id} runs. Where it was not promoted the default is the one before, and the next run does that.`;
  return standing(`promoting image ${id}`, stands, promote({ target, id, keep, progress }));
}
