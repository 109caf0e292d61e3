import { autostartPath } from "../../core/acrn/autostart-path";
import { homesOf, liveScript } from "../../core/acrn/rt-vm/homes";
import { formatCpuList } from "../../core/hardware/cpu-set";
import { launchScripts } from "../core-partition/scripts";
import { apicIdsOf } from "./config";
import type { Parts } from "./parts";
import { scriptOf, waitingPath } from "./schema";

/** All known in preview. `waiting` is empty, or says which edit waits for its image and why. */
export function rtVmOutputs({ view, args, wish, scenario, script }: Parts): Record<string, unknown> {
  const { path } = scriptOf(args);
  const homes = homesOf(args.name, path, launchScripts(view.snapshot));
  const live = liveScript(args.name, view.evidence, view.snapshot, homes);
  return {
    vmId: scenario.id,
    pcpus: [...wish.pcpus],
    apicIds: apicIdsOf(view, wish.pcpus) ?? [],
    scriptPath: path,
    homes: homes.map(({ path: at, role }) => `${role} ${at}${at === live ? " (runs now)" : ""}`),
    waiting: script.waits === undefined ? [] : [`${path}: pCPU ${formatCpuList(wish.pcpus)} (${script.waits})`],
  };
}

export function rtVmReasons({ args, wish, scenario, script }: Parts): string[] {
  const { name } = args;
  const cpus = formatCpuList(wish.pcpus);
  return [
    ...(scenario.inserted ? [`${name}: a new VM with id ${scenario.id}, the next that ACRN takes`] : []),
    ...(script.waits === undefined
      ? []
      : [`${name}: ${script.waits}, so a launch on pCPU ${cpus} waits for its image in ${waitingPath(name)}`]),
    ...(args.autostart ? [`${name}: ${autostartPath(name)} starts the script that is kept for the booted image`] : []),
  ];
}
