import { pathOfFile } from "../../core/acrn/file-document";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { scenarioSurface, vmOfField } from "../../core/acrn/scenario-surface";
import { same } from "../../core/claims/same";
import { currentText, type Document, type Documents, splitField } from "../../core/claims/types";
import { imageNeeds } from "../core-partition/pending";
import { GRUB_CFG, menuStage } from "../grub-menu";
import type { Pending, View } from "../kind";

const BUILT_IN = new Set(["vm_type", "lapic_passthrough", "memory"]);

/** Of a pre-launched VM everything but its kernel's arguments is compiled into the image (reference 7a). */
export function preLaunchedPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  return fields.flatMap((field) => [...builtIn(view, documents, field), ...bootArgs(view, documents, field)]);
}

function builtIn(view: View, documents: Documents, field: string): Pending[] {
  const found = vmOfField(field);
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  if (!found?.field || !BUILT_IN.has(found.field) || text === undefined) return [];
  const vm = readScenario(text, file).vms.find(({ key }) => key === found.vm);
  if (vm?.load !== "pre-launched") return [];
  const key = splitField(field)[1];
  const valueIn = (scenario: string) => {
    const reading = scenarioSurface.read(scenario, file, key);
    return reading.kind === "value" ? reading.value : undefined;
  };
  const show = (value: ReturnType<typeof valueIn>) => (value === undefined ? "(absent)" : scenarioSurface.show(value));
  const { built } = view.evidence;
  const written = show(valueIn(text));
  if (!built.known && built.next === undefined)
    return [{ field, state: "unknown", written, built: "unknown", running: "unknown", evidence: built.why, needs: [] }];
  const image = valueIn(built.known ? built.scenario : (built.next as string));
  const shown = built.known ? show(image) : "unknown";
  const row = { field, written, built: shown, running: shown, evidence: built.why };
  if (built.known && same(image, valueIn(text))) return [{ ...row, state: "active", needs: [] }];
  return [{ ...row, state: "pending", needs: imageNeeds(built) }];
}

/** Written, then made part of GRUB's menu by update-grub, then booted: the times of the files tell how far it came. */
function bootArgs({ snapshot }: View, documents: Documents, field: string): Pending[] {
  const path = pathOfFile(splitField(field)[0]);
  if (!path?.startsWith("/etc/default/grub.d/")) return [];
  const document = documents.get(splitField(field)[0]) as Document;
  const stage = menuStage(snapshot, path, currentText(document));
  const row = (rest: Pick<Pending, "state" | "built" | "running" | "evidence" | "needs">): Pending[] => [
    { field, written: "kernel arguments", ...rest },
  ];
  const reboot = { act: "host-reboot", target: "host" } as const;
  if (stage === "written")
    return row({
      state: "pending",
      built: "(not in GRUB's menu)",
      running: "other arguments",
      evidence: `${GRUB_CFG} was not made with ${path} as it is to be`,
      needs: [{ act: "update-grub", target: "host" }, reboot],
    });
  if (stage === "booted")
    return row({
      state: "active",
      built: "in GRUB's menu",
      running: "booted with it",
      evidence: `${GRUB_CFG} is older than this boot`,
      needs: [],
    });
  if (stage === "in menu")
    return row({
      state: "pending",
      built: "in GRUB's menu",
      running: "other arguments",
      evidence: `${GRUB_CFG} is newer than this boot`,
      needs: [reboot],
    });
  return row({
    state: "unknown",
    built: "in GRUB's menu",
    running: "unknown",
    evidence: `${stage === "future" ? `the time of ${GRUB_CFG} lies in the future` : "when it was made is not told"}: whether this boot took it cannot be told`,
    needs: [],
  });
}
