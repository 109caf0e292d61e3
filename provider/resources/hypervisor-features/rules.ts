import type { Lacking } from "../../core/acrn/features/meaning";
import { sharedPcpus, showShared } from "../../core/acrn/features/sharing";
import type { FeatureName } from "../../core/acrn/features/table";
import { readScenario } from "../../core/acrn/scenario";
import { openScenario } from "../../core/acrn/scenario/open";
import type { Refusal } from "../../core/plan/types";
import { find, trimSpace } from "../../core/xml";
import type { HypervisorFeaturesArgs } from "./schema";

/** Arguments, and the scenario without them. */
export interface Ruled {
  args: HypervisorFeaturesArgs;
  text: string;
  file: string;
}

const TIPS: Partial<Record<FeatureName, string>> = { mcePageSizeWorkaround: "T21", scheduler: "T15" };

/** An option that this version lacks. */
export function unmeant(name: FeatureName, { lacks, hint }: Lacking): Refusal {
  return refusal("version", name, lacks, hint);
}

/** What ACRN accepts without a word, and what only the user can answer for. */
export function rules(ruled: Ruled): Refusal[] {
  return [...mce(ruled), ...noop(ruled), ...debug(ruled)];
}

function mce({ args }: Ruled): Refusal[] {
  if (args.mcePageSizeWorkaround !== "off" || args.trustAllGuestKernels) return [];
  return [
    refusal(
      "mce",
      "mcePageSizeWorkaround",
      "without the workaround a guest's kernel can stop the whole machine by a machine check, on processors with the erratum",
      "Say `trustAllGuestKernels: true` if every guest's kernel is one that you trust, or leave the workaround on.",
    ),
  ];
}

/**
 * SCHED_NOOP keeps one thread a pCPU: a second vCPU that wakes there is dropped without a word and never runs [v3.3
 * hypervisor/common/sched_noop.c sched_noop_wake]; no check of the build looks at the scheduler [v3.0 to 3.4-dev
 * misc/config_tools/schema/checks].
 */
function noop({ args, text, file }: Ruled): Refusal[] {
  if (args.scheduler !== "noop") return [];
  const declared = { ...args.partition?.pcpus, ...args.partition?.evicted };
  const shared = sharedPcpus(readScenario(text, file).vms, declared);
  if (shared.length === 0) return [];
  return [
    refusal(
      "noop-shared",
      "scheduler",
      `the noop scheduler runs one vCPU on a pCPU, and these share: ${showShared(shared)}. The second never runs, and ACRN says nothing`,
      "Give each VM pCPUs of its own first. Where a CorePartition of this program does: `partition: cores`, which has to be planned with it.",
    ),
  ];
}

/** [v3.0 to 3.4-dev misc/config_tools/schema/checks/vuart_config.xsd]: an error of the build, said before it. */
function debug({ args, text, file }: Ruled): Refusal[] {
  const console = find(openScenario(text, file).doc.root, "hv/DEBUG_OPTIONS/SERIAL_CONSOLE");
  if (args.buildType !== "debug" || trimSpace(console?.value ?? "") !== "None") return [];
  return [
    refusal(
      "debug-console",
      "buildType",
      "ACRN does not build a debug hypervisor whose serial console is None",
      "Take the release build, or give the scenario a SERIAL_CONSOLE.",
    ),
  ];
}

function refusal(code: string, property: FeatureName, message: string, hint: string): Refusal {
  return { tip: TIPS[property] ?? "features", code: `features.${code}`, property, message, hint };
}
