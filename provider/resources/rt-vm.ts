import { autostartArgs, autostartPath } from "../core/acrn/autostart-path";
import { checkPath } from "../core/acrn/file-document";
import { launchArguments } from "../core/acrn/launch-script/arguments";
import { allowedByDefault } from "../core/acrn/rt-vm/allowed";
import type { Declared, ResourceKind, View } from "./kind";
import { autostartWishes } from "./rt-vm/autostart";
import { apicIdsOf, configOf, wishOf } from "./rt-vm/config";
import { observe } from "./rt-vm/observe";
import { rtVmOutputs, rtVmReasons } from "./rt-vm/outputs";
import { rtVmPending } from "./rt-vm/pending";
import { alone } from "./rt-vm/place-rules";
import { declarePreLaunched } from "./rt-vm/pre-launched";
import { refusals } from "./rt-vm/rules";
import { scenarioPart } from "./rt-vm/scenario-wishes";
import { grubPath, launcherOf, type RtVmArgs, rtVmSchema, scriptOf, waitingEdit, waitingPath } from "./rt-vm/schema";
import { scriptPart } from "./rt-vm/script-wishes";
import { warnings } from "./rt-vm/warnings";

/** A real-time VM: its `<vm>` in the scenario, its launch script, its autostart entry (T01, T02, T03). */
export const rtVmKind: ResourceKind<RtVmArgs> = {
  type: "RtVm",
  schema: rtVmSchema,
  onePerMachine: false,
  outputs: ["vmId", "pcpus", "apicIds", "scriptPath", "homes", "waiting"],
  files,
  alone,
  declare,
  pending: rtVmPending,
  observe,
};

function files(args: RtVmArgs): string[] {
  if (args.load === "pre-launched") return [grubPath(args.name)];
  const { path, owned } = scriptOf(args);
  checkPath(path, owned ? "script.owned" : "script.edited");
  const { name } = args;
  const ours = [launcherOf(args), waitingPath(name), waitingEdit(name), autostartPath(name), autostartArgs(name)];
  return [...new Set([path, ...ours])];
}

function declare(view: View, args: RtVmArgs): Declared {
  const wish = wishOf(args);
  if (args.load === "pre-launched") return declarePreLaunched(view, args, wish);
  const early = refusals.early(view, args, wish);
  if (early.length > 0) return nothing(early);
  const scenario = scenarioPart(view, args, wish);
  const config = configOf(view, args, wish, { text: scenario.after, file: scenario.file });
  const unnamed = refusals.unnamed(config);
  if (unnamed.length > 0) return nothing(unnamed);
  // an image on trial does not count: a power cut now boots the default
  const allowed = allowedByDefault(args.name, view.evidence, view.snapshot);
  const named = (pcpus: readonly number[]) => (config.dialect === "2.x" ? pcpus : (apicIdsOf(view, pcpus) ?? []));
  const script = scriptPart({ view, args, wish, config, allowed, named });
  const { path } = scriptOf(args);
  const launched = launchArguments(script.text, path);
  const parts = { view, args, wish, scenario, config, allowed, script, launched };
  return {
    wishes: [...scenario.wishes, ...script.wishes, ...autostartWishes(view, args, script)],
    outputs: rtVmOutputs(parts),
    warnings: warnings(parts),
    refusals: refusals.late(parts),
    reasons: rtVmReasons(parts),
    ...(script.madeFrom ? { madeFrom: script.madeFrom } : {}),
  };
}

const nothing = (refused: Declared["refusals"]): Declared => ({
  wishes: [],
  outputs: {},
  warnings: [],
  refusals: refused,
  reasons: [],
});
