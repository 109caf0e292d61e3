import { PERF_POLICY_CFG, runningPolicy } from "../../core/acrn/features/perf-policy";
import { fileId } from "../../core/acrn/file-document";
import { currentText, type Documents, type FieldValue } from "../../core/claims/types";
import { NEW_IMAGE } from "../core-partition/pending";
import { GRUB_CFG, type MenuStage, menuStage } from "../grub-menu";
import type { Pending, View } from "../kind";
import { policyOrigin } from "./policy-origin";

const REBOOT = { act: "host-reboot", target: "host" } as const;
const UPDATE = { act: "update-grub", target: "host" } as const;

type Rest = Pick<Pending, "state" | "evidence" | "needs">;

/** From the boot line, so without a new image (7b); but what the installed record says is on that line before all else. */
export function policyPending(view: View, documents: Documents, field: string, value: FieldValue | undefined): Pending {
  const written = typeof value === "string" ? value : "(absent)";
  const { snapshot } = view;
  const origin = policyOrigin(view);
  const running = snapshot.kind === "live" ? runningPolicy(snapshot.texts.get("proc/cmdline")) : undefined;
  const document = documents.get(fileId(PERF_POLICY_CFG));
  const stage = menuStage(snapshot, PERF_POLICY_CFG, document && currentText(document));
  const wins = origin?.policy === "Nominal" && written !== "Nominal";
  const rest = wins ? byOrigin(origin.whose) : told(written, running, stage);
  return { field, written, built: origin?.policy ?? "unknown", running: running ?? "unknown", ...rest };
}

/** Nominal wins wherever it stands on the line, and this one is not ours to take out. */
function byOrigin(whose: string): Rest {
  return {
    state: "pending",
    evidence: `${whose} says Nominal, which wins on the boot line`,
    needs: [...NEW_IMAGE],
  };
}

function told(written: string, running: string | undefined, stage: MenuStage): Rest {
  if (running !== undefined && running === written)
    return { state: "active", evidence: `the boot line in /proc/cmdline says ${running}`, needs: [] };
  if (stage === "written")
    return {
      state: "pending",
      evidence: `${GRUB_CFG} was not made with ${PERF_POLICY_CFG} as it is to be`,
      needs: [UPDATE, REBOOT],
    };
  if (stage === "in menu")
    return { state: "pending", evidence: `${GRUB_CFG} is newer than this boot`, needs: [REBOOT] };
  return { state: "unknown", evidence: untold(running, stage), needs: [] };
}

/** A reboot that is no cure is never planned. */
function untold(running: string | undefined, stage: MenuStage): string {
  if (stage !== "booted")
    return `${stage === "future" ? `the time of ${GRUB_CFG} lies in the future` : `when ${GRUB_CFG} was made is not told`}: whether this boot took it cannot be told`;
  return running === undefined
    ? `${GRUB_CFG} had it at this boot, and the boot line in /proc/cmdline names no policy: another entry was booted`
    : `${GRUB_CFG} had it at this boot, and the boot line in /proc/cmdline says ${running}: another entry was booted`;
}
