import { autostartPath } from "../../core/acrn/autostart-path";
import { passthroughWarnings } from "../../core/acrn/rt-vm/devices";
import { homesOf, liveScript, strangers } from "../../core/acrn/rt-vm/homes";
import { memoryWarnings, sumWarnings } from "../../core/acrn/rt-vm/memory";
import { memoryByVm } from "../../core/acrn/scenario/memory-text";
import { launchScripts } from "../core-partition/scripts";
import { boardOf } from "./board";
import type { Parts } from "./parts";
import { scriptOf } from "./schema";

/** What nobody can decide for the user, or what cannot be checked. */
export function warnings(parts: Parts): string[] {
  const { view, args, wish, scenario, config, allowed } = parts;
  const { path } = scriptOf(args);
  const homes = homesOf(args.name, path, launchScripts(view.snapshot));
  const ours = new Set(args.autostart === undefined ? [] : [autostartPath(args.name)]);
  return [
    ...(wish.memoryMb === undefined ? [] : memoryWarnings(args.name, config.memoryMb)),
    ...sumWarnings(memoryByVm(scenario.after, scenario.file), boardOf(view)?.memoryMb),
    ...passthroughWarnings(wish, boardOf(view)),
    ...strangers(homes, ours, liveScript(args.name, view.evidence, view.snapshot, homes)).map(
      (what) => `T01: ${args.name}: ${what} instead of ${path}`,
    ),
    ...(config.dialect === "2.x" &&
    !scriptOf(args).owned &&
    /\/sys\/devices\/system\/cpu\/cpu\S*[[$]/.test(parts.script.text)
      ? [
          `T15: ${args.name}: ${path} takes CPUs offline in a loop of its own, which is not edited: see that it names pCPU ${wish.pcpus.join(",")}`,
        ]
      : []),
    ...preLaunchedBeside(parts),
    ...sameAddress(parts),
    ...(allowed.how === "no-such-vm" && allowed.rdt && !scriptOf(args).owned
      ? [
          `T01: ${args.name}: ${allowed.why}, and RDT is on there: to start ${path} by hand before the next image divides by zero in the hypervisor and stops the whole machine`,
        ]
      : []),
    ...(allowed.how === "unknown"
      ? [
          `${args.name}: whether the booted image takes these pCPUs cannot be told (${allowed.why}): a launch before the next image may be refused`,
        ]
      : []),
  ];
}

/**
 * In 3.x acrn-dm looks for the seed of a MAC address right behind the interface alone: with `vhost` between them it goes by the slot
 * [v3.0 .. 3.4-dev virtio_net.c virtio_net_init]. With `mac=` that address counts.
 */
function sameAddress({ args, config }: Parts): string[] {
  if (config.dialect === "2.x" || !scriptOf(args).owned) return [];
  return config.devices.flatMap((device) =>
    device.kind === "network" && device.vhost && device.mac === undefined
      ? [
          `${args.name}: acrn-dm makes the MAC address of ${device.tap} of its slot alone where vhost is on: another VM with such a device has the same. Declare its \`mac\``,
        ]
      : [],
  );
}

/** Only a warning of ACRN's too, but its validator then ends with 1 (reference 5, vm_types). */
function preLaunchedBeside({ args, scenario }: Parts): string[] {
  const other = scenario.scenario.vms.find(({ load, realtime }) => load === "pre-launched" && realtime);
  return other
    ? [`${args.name} and ${other.key}, a pre-launched real-time VM: ACRN warns of both kinds in one scenario`]
    : [];
}
