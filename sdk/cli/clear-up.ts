import type { Say } from "../../provider/converge/around";
import { clearUp, mayGo } from "../../provider/converge/arounds";
import type { Draft } from "../../provider/converge/draft";
import { BOOT_IMAGES, IMAGES, isImageId, PROMOTED_PATH } from "../../provider/core/acrn/image/paths";
import type { Ledger, Owner } from "../../provider/core/claims/types";
import type { Snapshot } from "../../provider/core/snapshot";
import { consent } from "./ask";
import type { Context } from "./context";
import { EXIT, Failed } from "./exit";
import type { Host } from "./host";
import type { Output } from "./output";

/** What a delete by the engine does besides files, too: a kind that nobody claims any more clears up behind it. */
export async function clearedUp(host: Host, gone: Iterable<string>, ledger: Ledger, output: Output): Promise<void> {
  try {
    await clearUp(host.machine, gone, ledger, sayTo(host, output));
  } catch (error) {
    // the claims are freed by now, whatever came of this
    throw new Failed(EXIT.uncertain, error, null);
  }
}

const IMAGES_GO =
  "The packaged hypervisor becomes the default again, and every image of ours goes; what runs stays until the next boot.";

/** What goes with the claims besides files, and what stays and may miss it. */
export function sayGoing(output: Output, draft: Draft, leaving: readonly Owner[], stays: Ledger): void {
  for (const { text, how } of mayGo(draft, leaving, stays, []))
    if (how === "warning") output.warn(text);
    else output.say(text);
  const image = (owners: readonly Owner[]) => owners.some(({ kind }) => kind === "HypervisorImage");
  const last = image(leaving) && !image(Object.values(stays.owners));
  if (last && draft.snapshot.kind === "live") output.say(IMAGES_GO);
}

/** What a release that was cut short left. */
export async function takeAway({ io, output }: Context, host: Host, ledger: Ledger, yes: boolean): Promise<void> {
  output.say(`Nobody claims an image on ${host.label}, and images of ours are still there. ${IMAGES_GO}`);
  await consent(`Take them away on ${host.label}?`, yes, output, io);
  await clearedUp(host, ["HypervisorImage"], ledger, output);
  output.say(`Done: no image of ours is left on ${host.label}.`, output.colours.green);
}

/** Images of ours, in /boot or only built, that a release which was cut short left behind: nobody claims them, and the same again takes them away. */
export function imagesLeft({ kind, files }: Snapshot, { owners }: Ledger): boolean {
  if (kind === "folder" || Object.values(owners).some((owner) => owner.kind === "HypervisorImage")) return false;
  return [...files.values()].some(({ path, kind: is }) => is === "file" && (path === PROMOTED_PATH || isOfImage(path)));
}

function isOfImage(path: string): boolean {
  const [folder] = [BOOT_IMAGES, IMAGES].filter((each) => path.startsWith(`${each}/`));
  return folder !== undefined && isImageId(path.slice(folder.length + 1).split("/")[0] ?? "");
}

/** For work beside plans and files. */
export function sayTo({ label }: Host, output: Output): Say {
  return (text, how = "info") => {
    if (how === "progress") output.progress(`${label}: ${text}`);
    else if (how === "warning") output.warn(text);
    else output.say(text);
  };
}
