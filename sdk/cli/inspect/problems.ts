import type { Draft } from "../../../provider/converge/draft";
import { closFaultsOf } from "../../../provider/core/acrn/clos/faults";
import { planPartition } from "../../../provider/core/acrn/partition";
import { readScenario, readScenarioFeatures } from "../../../provider/core/acrn/scenario";
import { scenarioFile } from "../../../provider/core/acrn/scenario-document";
import type { LaunchScript } from "../../../provider/core/acrn/types";
import type { Document } from "../../../provider/core/claims/types";
import { AcrnError } from "../../../provider/core/errors";

/** Something that is wrong on the machine as it is. */
export interface Problem {
  code: string;
  message: string;
  hint: string | null;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof AcrnError) return { code: error.code, message: error.message, hint: null };
  return { code: "internal", message: error instanceof Error ? error.message : String(error), hint: null };
}

/** What the rules for cores say of the scenario as it stands: as if its real-time VMs had been declared where they are. */
export function coreProblems(draft: Draft, scripts: readonly LaunchScript[]): Problem[] {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  if (text === undefined) return [];
  const scenario = readScenario(text, file);
  const realtime = scenario.vms.filter((vm) => vm.load !== "service" && vm.realtime && vm.affinity?.length);
  if (realtime.length === 0) return [];
  const board = draft.settings.files?.board;
  const result = planPartition({
    topology: draft.topology(),
    scenario,
    wanted: Object.fromEntries(realtime.map((vm) => [vm.key, [...new Set(vm.affinity)]])),
    neighbours: "refuse",
    scripts,
    features: readScenarioFeatures(text, file),
    files: { scenario: file, ...(board ? { board } : {}) },
  });
  return [
    ...result.refusals.map(({ code, tip, message, hint }) => ({ code, message: `${tip}: ${message}`, hint })),
    ...result.warnings.map((message) => ({ code: "cores.warning", message, hint: null })),
  ];
}

/** What ACRN would build, or has built, of the cache classes without a word. */
export function cacheProblems(draft: Draft, scripts: readonly LaunchScript[]): Problem[] {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  if (text === undefined || !readScenario(text, file).rdtEnabled) return [];
  return closFaultsOf(text, file, draft.topology(), scripts).map(({ rule, line, message, hint }) => ({
    code: rule,
    message: `T04: ${line > 0 ? `${file}:${line}: ` : ""}${message}`,
    hint,
  }));
}
