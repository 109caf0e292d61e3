import { defaultImage } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES } from "../../core/acrn/image/paths";
import { roleOf } from "../../core/acrn/rt-vm/homes";
import { scenarioFile } from "../../core/acrn/scenario-document";
import type { LaunchScript } from "../../core/acrn/types";
import type { Document } from "../../core/claims/types";
import { type Passed, passedByArguments, passedByScenario, passedByScript } from "../../core/gpu/passed";
import type { Refusal } from "../../core/plan/types";
import { type Snapshot, textOf } from "../../core/snapshot";
import { launchScripts } from "../core-partition/scripts";
import type { View } from "../kind";

/** A VM that has the GPU for itself takes it from i915 when it starts: then there is nothing here that could hold its frequency. */
export function passedRules(view: View, address: string): Refusal[] {
  return passedTo(view, address)
    .slice(0, 1)
    .map(({ vm, where }) => ({
      tip: "T16",
      code: "gpu.passed-through",
      property: "card",
      message: `the GPU ${address} is passed through to ${vm} (${where}), so its driver is that VM's, and the limits with it`,
      hint: "Set them inside that VM, or take the device out of it. A script that is never started: move it away.",
    }));
}

function passedTo(view: View, address: string): Passed[] {
  const { running } = view.evidence;
  const live = running.known ? running.vms.filter(({ args }) => passedByArguments(args, address)) : [];
  const scripts = launchScripts(view.snapshot)
    .filter(mayRun(view.snapshot))
    .flatMap(({ path }) => passedByScript(textOf(view.snapshot, path) ?? "", path, address));
  return [...live.map(({ name }) => ({ vm: name, where: "it runs" })), ...declared(view, address), ...scripts];
}

/**
 * The package's copies are dpkg's, and nothing runs them from there. Those that we keep for images are run where their image is: the one that was booted, the
 * one that boots next, and whatever waits for an image.
 */
function mayRun(snapshot: Snapshot): (script: LaunchScript) => boolean {
  const booted = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  const folders = ["next", booted, defaultImage(snapshot)].flatMap((id) =>
    id === undefined ? [] : [`${IMAGES}/${id}/`],
  );
  return ({ path }) => {
    const role = roleOf(path);
    if (role === "kept") return folders.some((folder) => path.startsWith(folder));
    return role !== "packaged";
  };
}

/** The source, as others leave it: what this run declares, not what was built. */
function declared({ documents }: View, address: string): Passed[] {
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  return text === undefined ? [] : passedByScenario(text, file, address);
}
