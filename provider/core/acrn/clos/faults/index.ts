import type { Topology } from "../../../hardware/types";
import { type CatCache, catCaches } from "../caches";
import { effectiveMasks } from "../effective";
import { closVms } from "../layout";
import { readClosSettings } from "../read";
import type { ClosSettings, ClosVm } from "../types";
import { countFaults, coverageFaults } from "./coverage";
import { boardFaults, gpuFaults, lapicFaults, overlapFaults, sharedL2Faults } from "./isolation";
import { maskFaults, spellingFaults } from "./masks";
import { nameFaults } from "./names";
import type { ClosFault, Ground, Rule } from "./types";

export type { ClosFault } from "./types";

const RULES: readonly Rule[] = [
  boardFaults,
  nameFaults,
  maskFaults,
  spellingFaults,
  coverageFaults,
  countFaults,
  overlapFaults,
  sharedL2Faults,
  gpuFaults,
  lapicFaults,
];

/** What ACRN accepts silently in these settings; nothing while RDT is off. */
export function closFaults(
  settings: ClosSettings,
  vms: readonly ClosVm[],
  topology: Topology,
  gpuWays: (cache: CatCache) => number = (cache) => cache.gpuWays ?? 0,
  effective = effectiveMasks(settings, vms, topology),
): ClosFault[] {
  if (!settings.rdt) return [];
  const ground: Ground = { settings, vms, topology, caches: catCaches(topology), effective, gpuWays };
  return RULES.flatMap((rule) => rule(ground));
}

/** The same of a scenario file as it stands. */
export function closFaultsOf(text: string, file: string, topology: Topology): ClosFault[] {
  const settings = readClosSettings(text, file);
  return settings.rdt ? closFaults(settings, closVms(text, file, topology), topology) : [];
}
