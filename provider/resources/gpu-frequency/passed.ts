import { scenarioFile } from "../../core/acrn/scenario-document";
import type { Document } from "../../core/claims/types";
import { type Passed, passedByArguments, passedByScenario, passedByScript } from "../../core/gpu/passed";
import type { Refusal } from "../../core/plan/types";
import { textOf } from "../../core/snapshot";
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
  const scripts = launchScripts(view.snapshot).flatMap(({ path }) =>
    passedByScript(textOf(view.snapshot, path) ?? "", path, address),
  );
  return [...live.map(({ name }) => ({ vm: name, where: "it runs" })), ...declared(view, address), ...scripts];
}

/** The source, as others leave it: what this run declares, not what was built. */
function declared({ documents }: View, address: string): Passed[] {
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  return text === undefined ? [] : passedByScenario(text, file, address);
}
