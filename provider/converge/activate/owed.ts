import { pathOfFile } from "../../core/acrn/file-document";
import { isDefault } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES, WANTED_PATH } from "../../core/acrn/image/paths";
import { splitField } from "../../core/claims/types";
import { textOf } from "../../core/snapshot";
import { wantedIn } from "../../resources/hypervisor-image/pending";
import type { Draft } from "../draft";

/** The image of ours that shall run, does, and is the default, while launch scripts still wait: a run ended right behind its promotion. */
export function owed({ snapshot, ledger }: Pick<Draft, "snapshot" | "ledger">): string | undefined {
  const running = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  if (
    running === undefined ||
    !isDefault(snapshot, running) ||
    wantedIn(textOf(snapshot, WANTED_PATH) ?? "")?.id !== running
  )
    return undefined;
  return Object.keys(ledger.fields).some(waits) ? running : undefined;
}

function waits(field: string): boolean {
  return pathOfFile(splitField(field)[0])?.startsWith(`${IMAGES}/next/`) ?? false;
}
