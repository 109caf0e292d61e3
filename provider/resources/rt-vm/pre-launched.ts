import { wholeId } from "../../core/acrn/file-document";
import { alsoTagged, preLaunchedCfg, tagOf, tagTrouble, tagWarnings } from "../../core/acrn/rt-vm/grub-cfg";
import { memoryRules, memoryWarnings, sumWarnings } from "../../core/acrn/rt-vm/memory";
import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import { readScenario } from "../../core/acrn/scenario";
import { memoryByVm } from "../../core/acrn/scenario/memory-text";
import { affinityId, vmFieldId } from "../../core/acrn/scenario-surface";
import type { Wish } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";
import { type Snapshot, textOf } from "../../core/snapshot";
import type { Declared, View } from "../kind";
import { scenarioSource } from "../scenario-source";
import { boardOf } from "./board";
import { apicIdsOf } from "./config";
import { noPcpus, refusal } from "./refusal";
import { grubPath, type RtVmArgs } from "./schema";

/** What a VM that the hypervisor starts itself has nothing of: no acrn-dm, no launch script. */
const NOT_FOR_IT = ["script", "autostart", "virtio", "passthrough", "loader", "virtioPoll"] as const;

/**
 * A pre-launched RTVM (3.x) that the scenario has: pCPUs, LAPIC passthrough and memory are built into the image; its kernel's arguments come from
 * GRUB, without a new one (reference 1.3).
 */
export function declarePreLaunched(view: View, args: RtVmArgs, wish: RtVmWish): Declared {
  const refusals = rules(view, args, wish);
  const none = { wishes: [], outputs: {}, warnings: [], reasons: [] };
  if (refusals.length > 0) return { ...none, refusals };
  const { text, file } = scenarioSource(view.documents);
  const vm = readScenario(text, file).vms.find(({ key }) => key === args.name);
  const tag = tagOf(text, file, args.name) as string;
  const field = (name: Parameters<typeof vmFieldId>[1]) => vmFieldId(args.name, name);
  const wishes: Wish[] = [
    { field: affinityId(args.name), value: [...wish.pcpus] },
    { field: field("vm_type"), value: true },
    { field: field("lapic_passthrough"), value: true },
    ...(wish.memoryMb === undefined ? [] : [{ field: field("memory"), value: wish.memoryMb }]),
    ...(args.bootArgs === undefined
      ? []
      : [{ field: wholeId(grubPath(args.name)), value: preLaunchedCfg(args.name, tag, args.bootArgs) }]),
  ];
  return {
    wishes,
    outputs: {
      vmId: vm?.id,
      pcpus: [...wish.pcpus],
      apicIds: apicIdsOf(view, wish.pcpus) ?? [],
      scriptPath: "(none: it is pre-launched)",
      homes: [],
      waiting: [],
    },
    warnings: [
      ...(wish.memoryMb === undefined ? [] : memoryWarnings(args.name, wish.memoryMb)),
      ...sumWarnings(memoryByVm(text, file, { [args.name]: wish.memoryMb }), boardOf(view)?.memoryMb),
      ...(args.bootArgs === undefined ? [] : tagWarnings(args.name, tag, args.bootArgs, grubSettings(view.snapshot))),
    ],
    refusals: [],
    reasons: [],
  };
}

function grubSettings(snapshot: Snapshot): string[] {
  return [...snapshot.files.keys()]
    .filter((path) => /^\/etc\/default\/grub(\.d\/[^/]+\.cfg)?$/.test(path))
    .flatMap((path) => textOf(snapshot, path) ?? []);
}

function rules(view: View, args: RtVmArgs, wish: RtVmWish): Refusal[] {
  const { name } = args;
  const { text, file } = scenarioSource(view.documents);
  const { dialect, vms } = readScenario(text, file);
  const vm = vms.find(({ key }) => key === name);
  const out = NOT_FOR_IT.filter((each) => args[each] !== undefined).map((each) =>
    refusal(
      "pre-launched",
      each,
      "T01",
      `${name} is pre-launched: ${each} is of VMs that acrn-dm starts`,
      "Leave it out.",
    ),
  );
  if (args.dmArgs.length > 0)
    out.push(refusal("pre-launched", "dmArgs", "T01", `${name} is pre-launched: it has no acrn-dm`, "Leave it out."));
  if (!args.lapicPassthrough)
    out.push(
      refusal(
        "lapic",
        "lapicPassthrough",
        "T01",
        `${name} would be a pre-launched RTVM without LAPIC passthrough: ACRN's build refuses it`,
        "Leave it out (true).",
      ),
    );
  if (dialect === "2.x")
    out.push(
      refusal("pre-launched", "load", "T01", "pre-launched VMs are managed from ACRN 3.0 on", "Use a 3.x scenario."),
    );
  else if (vm?.load !== "pre-launched")
    out.push(
      refusal(
        "load",
        "name",
        "T01",
        vm ? `${name} is a ${vm.load} VM` : `the scenario has no VM ${name}, and a pre-launched one is only adopted`,
        `Name one of ${
          vms
            .filter(({ load }) => load === "pre-launched")
            .map(({ key }) => key)
            .join(", ") || "(it has none)"
        }.`,
      ),
    );
  if (wish.pcpus.length === 0) out.push(noPcpus(name));
  if (out.length > 0) return out;
  const tag = tagOf(text, file, name);
  const others = tag === undefined ? [] : alsoTagged(text, file, { vm: name, tag });
  const trouble = args.bootArgs === undefined ? undefined : tagTrouble(tag, args.bootArgs, others);
  return [
    ...(trouble ? [refusal("boot-args", "bootArgs", "T01", `${name}: ${trouble.what}`, trouble.hint)] : []),
    ...(wish.memoryMb === undefined ? [] : memoryRules(name, wish.memoryMb, boardOf(view)?.memoryMb)),
  ];
}
