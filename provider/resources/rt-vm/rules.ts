import type { VmConfig } from "../../core/acrn/launch/types";
import { argumentRules } from "../../core/acrn/rt-vm/arguments";
import { passthroughRules, pollingRules } from "../../core/acrn/rt-vm/devices";
import { memoryRules } from "../../core/acrn/rt-vm/memory";
import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import { readScenario } from "../../core/acrn/scenario";
import { readVmConfig } from "../../core/acrn/scenario/vm-config";
import type { VmView } from "../../core/acrn/types";
import type { Refusal } from "../../core/plan/types";
import type { View } from "../kind";
import { scenarioSource } from "../scenario-source";
import { boardOf } from "./board";
import { editedRules } from "./edited-rules";
import type { Parts } from "./parts";
import { placeRules } from "./place-rules";
import { noPcpus, refusal } from "./refusal";
import { type RtVmArgs, scriptOf } from "./schema";

/** `early`: what must be right before anything can be worked out; `unnamed`: before a script is made; `late`: over what would be written. */
export const refusals = { early, unnamed, late };

function early(view: View, args: RtVmArgs, wish: RtVmWish): Refusal[] {
  const { name } = args;
  const { text, file } = scenarioSource(view.documents);
  const { dialect, vms } = readScenario(text, file);
  const vm = vms.find(({ key }) => key === name);
  const out: Refusal[] = vm ? [] : nameless(name, vms);
  if (wish.pcpus.length === 0) out.push(noPcpus(name));
  if (vm && vm.load !== "post-launched")
    out.push(
      refusal(
        "load",
        "name",
        "T01",
        `${name} is a ${vm.load} VM: it has no launch script`,
        vm.load === "pre-launched" ? 'Declare it with `load: "pre-launched"`.' : "Name a post-launched VM.",
      ),
    );
  if (args.bootArgs !== undefined)
    out.push(
      refusal(
        "boot-args",
        "bootArgs",
        "T01",
        `${name} is started by acrn-dm`,
        "Its kernel arguments are `loader: { kernel, args }`, or those of its own boot loader.",
      ),
    );
  if (!args.lapicPassthrough)
    out.push(
      refusal(
        "lapic",
        "lapicPassthrough",
        "T01",
        `${name} would be an RTVM without LAPIC passthrough: each timer interrupt would go through the hypervisor`,
        "Leave it out (true), or make it a standard VM.",
      ),
    );
  if (!scriptOf(args).owned && (args.virtio || args.passthrough))
    out.push(
      refusal(
        "edited-devices",
        args.virtio ? "virtio" : "passthrough",
        "T02",
        "devices are not changed in a script that is edited",
        "Change them in the script by hand, or let it be written: `script: { owned: ... }`.",
      ),
    );
  // before an edited script has them: there they would fail as what they are not
  return [...out, ...argumentRules(wish, dialect), ...placeRules(view, args)];
}

/**
 * Up to 2.6 a post-launched VM may lack a name in the scenario (reference 2.2). It may be the very one that is meant, and a second one would be put
 * beside it.
 */
function nameless(name: string, vms: readonly VmView[]): Refusal[] {
  const found = vms.filter((vm) => vm.load === "post-launched" && vm.realtime && vm.name === undefined);
  if (found.length === 0) return [];
  const which = found.map(({ key, line }) => `${key} (line ${line})`).join(", ");
  return [
    refusal(
      "nameless",
      "name",
      "T01",
      `the scenario has no VM ${name}, and a real-time VM without a name: ${which}`,
      `If that is the one, write \`<name>${name}</name>\` into its <vm id="${found[0]?.id}">; if not, give it a name of its own. Its CorePartition calls it by that name too.`,
    ),
  ];
}

/** CPUs that no 3.x script could name. */
function unnamed({ dialect, apicIds }: VmConfig): Refusal[] {
  if (dialect === "2.x" || apicIds !== undefined) return [];
  return [
    refusal(
      "apic",
      "partition",
      "T15",
      "the board file does not tell the APIC ids that a 3.x launch names",
      "Give a board file of ACRN 2.5 or later (`files: { board: ... }`).",
    ),
  ];
}

function late(parts: Parts): Refusal[] {
  const { view, args, wish, config } = parts;
  const owned = scriptOf(args).owned;
  return [
    ...(wish.passthrough?.length ? passthroughRules(wish, boardOf(view), others(view, args.name)) : []),
    ...memoryRules(args.name, config.memoryMb, boardOf(view)?.memoryMb),
    ...(owned ? pollingRules(wish, config.devices.filter(isVirtio), config.virtioPoll ?? 1) : []),
    ...(owned ? [] : editedRules(parts)),
  ];
}

function isVirtio({ kind }: Parts["config"]["devices"][number]): boolean {
  return kind !== "ivshmem" && kind !== "vuart" && kind !== "xhci";
}

function others(view: View, name: string): { key: string; passthrough: string[] }[] {
  const { text, file } = scenarioSource(view.documents);
  return readScenario(text, file).vms.flatMap(({ key, load }) =>
    key === name || load === "service"
      ? []
      : [{ key, passthrough: readVmConfig(text, file, key).passthrough.map(({ bdf }) => bdf) }],
  );
}
