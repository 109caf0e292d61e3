import { cacheClosKind } from "./cache-clos";
import { corePartitionKind } from "./core-partition";
import { gpuFrequencyKind } from "./gpu-frequency";
import { guestKernelTuningKind } from "./guest-kernel-tuning";
import { hypervisorFeaturesKind } from "./hypervisor-features";
import { hypervisorImageKind } from "./hypervisor-image";
import type { ResourceKind } from "./kind";
import { rtVmKind } from "./rt-vm";

/** Every kind that can hold claims, by the type that the ledger records. A new resource is added here and in index.ts. */
const kinds: Record<string, ResourceKind> = {
  [cacheClosKind.type]: cacheClosKind as ResourceKind<never> as unknown as ResourceKind,
  [corePartitionKind.type]: corePartitionKind as ResourceKind<never> as unknown as ResourceKind,
  [gpuFrequencyKind.type]: gpuFrequencyKind as ResourceKind<never> as unknown as ResourceKind,
  [guestKernelTuningKind.type]: guestKernelTuningKind as ResourceKind<never> as unknown as ResourceKind,
  [hypervisorFeaturesKind.type]: hypervisorFeaturesKind as ResourceKind<never> as unknown as ResourceKind,
  [hypervisorImageKind.type]: hypervisorImageKind as ResourceKind<never> as unknown as ResourceKind,
  [rtVmKind.type]: rtVmKind as ResourceKind<never> as unknown as ResourceKind,
};

/** Undefined: a type of a newer version, or one without rules of its own (AcrnHost). */
export function kindOf(type: string): ResourceKind | undefined {
  return Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}

/** For what is declared on a Guest alone: a declaration of the command line is a host's. */
const GUESTS = new Set([guestKernelTuningKind.type]);

/** The types that a declaration may name. */
export const knownKinds: readonly string[] = Object.keys(kinds)
  .filter((type) => !GUESTS.has(type))
  .sort();
