import { wholeId } from "../../core/acrn/file-document";
import { isDefault } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { BOOT_IMAGES, WANTED_PATH } from "../../core/acrn/image/paths";
import { isTrusted, TRUSTED } from "../../core/acrn/image/trusted";
import { readWanted, type Wanted } from "../../core/acrn/image/wanted";
import { currentText, type Documents, splitField } from "../../core/claims/types";
import { AcrnError } from "../../core/errors";
import type { Snapshot } from "../../core/snapshot";
import type { Pending, View } from "../kind";

const INSTALL = { act: "hypervisor-install", target: "host" } as const;
const REBOOT = { act: "host-reboot", target: "host" } as const;

/** Of an image: wanted, installed in /boot, running, and confirmed. */
export function imagePending({ snapshot }: View, documents: Documents, fields: readonly string[]): Pending[] {
  const field = wholeId(WANTED_PATH);
  const document = documents.get(splitField(field)[0]);
  const text = document && currentText(document);
  if (!fields.includes(field) || !text) return [];
  const id = wantedIn(text)?.id;
  if (id === undefined) return [];
  const cmdline = snapshot.texts.get("proc/cmdline");
  const installed = isInstalled(snapshot, id);
  const row = (rest: Pick<Pending, "state" | "running" | "evidence" | "needs">): Pending[] => [
    { field, written: id, built: installed ? id : "(not installed)", ...rest },
  ];
  if (snapshot.kind === "folder" || cmdline === undefined)
    return row({
      state: "unknown",
      running: "unknown",
      evidence: "it does not run, or does not tell its boot line",
      needs: [],
    });
  const running = bootedImage(cmdline);
  const now = running ?? "(no image of ours)";
  if (running === id && isDefault(snapshot, id))
    return row({
      state: "active",
      running: now,
      evidence: `it was booted, confirmed, and is the default${isTrusted(snapshot, id) ? `; ${TRUSTED}` : ""}`,
      needs: [],
    });
  if (running === id)
    return row({
      state: "pending",
      running: now,
      evidence: "it was booted and is not the default yet",
      needs: [INSTALL],
    });
  return row({
    state: "pending",
    running: now,
    evidence: "pulumi_acrn_image= of /proc/cmdline",
    needs: [INSTALL, REBOOT],
  });
}

/** Its entry file comes with the rest of its folder, in one rename. */
export function isInstalled(snapshot: Snapshot, id: string): boolean {
  return snapshot.files.get(`${BOOT_IMAGES}/${id}/entry`)?.kind === "file";
}

/** Undefined where somebody wrote something else there: the next plan puts it right. */
export function wantedIn(text: string): Wanted | undefined {
  try {
    return readWanted(text);
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}
