import type { Topology } from "../../../hardware/types";
import type { LaunchScript } from "../../types";
import { type CatCache, catCaches } from "../caches";
import { type EffectiveState, effectiveMasks } from "../effective";
import { closVms } from "../layout";
import { readClosSettings } from "../read";
import type { ClosSettings, ClosVm } from "../types";
import { countFaults, coverageFaults } from "./coverage";
import { dynamicVmFaults, namesCount } from "./dynamic";
import { overlapFaults } from "./isolation";
import { maskFaults, spellingFaults } from "./masks";
import { nameFaults } from "./names";
import { sharedL2Faults } from "./shared-l2";
import { boardFaults, cdpFaults, gpuFaults, lapicFaults } from "./surroundings";
import type { ClosFault, Ground, Rule } from "./types";

export type { ClosFault } from "./types";

const RULES: readonly Rule[] = [
  boardFaults,
  cdpFaults,
  nameFaults,
  maskFaults,
  spellingFaults,
  coverageFaults,
  countFaults,
  overlapFaults,
  sharedL2Faults,
  gpuFaults,
  lapicFaults,
  dynamicVmFaults,
];

/** What is known besides the scenario; each with a default. */
export interface Besides {
  /** @default the board's */
  gpuWays?: (cache: CatCache) => number;
  effective?: EffectiveState;
  /** @default none is known */
  scripts?: readonly LaunchScript[];
}

/** What ACRN accepts silently in these settings; nothing while RDT is off. */
export function closFaults(
  settings: ClosSettings,
  vms: readonly ClosVm[],
  topology: Topology,
  { gpuWays = boardGpuWays, effective, scripts = [] }: Besides = {},
): ClosFault[] {
  if (!settings.rdt) return [];
  const really = effective ?? effectiveMasks(settings, vms, topology);
  const caches = catCaches(topology);
  const ground: Ground = { settings, vms, topology, caches, effective: really, gpuWays, scripts };
  return RULES.flatMap((rule) => rule(ground));
}

const boardGpuWays = (cache: CatCache): number => cache.gpuWays ?? 0;

/** The same of a scenario file as it stands, on a host with these launch scripts. */
export function closFaultsOf(
  text: string,
  file: string,
  topology: Topology,
  scripts: readonly LaunchScript[] = [],
): ClosFault[] {
  const settings = readClosSettings(text, file);
  if (!settings.rdt) return [];
  const named = namesCount(text, file) ? scripts : [];
  return closFaults(settings, closVms(text, file, topology), topology, { scripts: named });
}
