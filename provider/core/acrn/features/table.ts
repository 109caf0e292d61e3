import type { FieldValue } from "../../claims/types";
import type { Version } from "./versions";

/** Our names. */
export type FeatureName =
  | "scheduler"
  | "splitLockDetection"
  | "ucLockDetection"
  | "mcePageSizeWorkaround"
  | "cpuPerformancePolicy"
  | "l1dFlushOnVmEntry"
  | "keepIrqDisabled"
  | "serviceVmSupervisor"
  | "hyperv"
  | "iommuEnforceSnoop"
  | "buildType";

/** Our values: a word, or whether it is on. */
export type FeatureValue = string | boolean;

/** What says it in some releases. */
export interface Meaning {
  since: Version;
  /** @default no end */
  until?: Version;
  /** The element, by its path. */
  path: string;
  /** Our value, as text, to the element's. */
  values: Readonly<Record<string, FieldValue>>;
}

const onOff = { true: true, false: false };
const inverted = { true: false, false: true };

const schedulers = { noop: "SCHED_NOOP", bvt: "SCHED_BVT", iorr: "SCHED_IORR" };

/**
 * Which element means it, by release. Elements and values: [v2.0 misc/acrn-config/xmls, v2.4 to 3.4-dev
 * misc/config_tools/schema/config.xsd FeatureOptionsType, types.xsd SchedulerType, policyType, BuildType]; what they do to the
 * build: [xforms/config_common.xsl]. `ENFORCE_TURNOFF_*` turn detection off, so y is our false
 * [v2.7 hypervisor/arch/x86/cpu.c enable_ac_for_splitlock, enable_gp_for_uclock].
 */
export const FEATURES: Readonly<Record<FeatureName, readonly Meaning[]>> = {
  scheduler: [
    { since: "2.0", until: "2.6", path: "hv/FEATURES/SCHEDULER", values: schedulers },
    { since: "2.7", path: "hv/FEATURES/SCHEDULER", values: { ...schedulers, prio: "SCHED_PRIO" } },
  ],
  splitLockDetection: [
    { since: "2.4", until: "3.0", path: "hv/FEATURES/ENFORCE_TURNOFF_AC", values: inverted },
    { since: "3.1", path: "hv/FEATURES/SPLIT_LOCK_DETECTION_ENABLED", values: onOff },
  ],
  ucLockDetection: [
    { since: "2.6", until: "3.0", path: "hv/FEATURES/ENFORCE_TURNOFF_GP", values: inverted },
    { since: "3.1", path: "hv/FEATURES/UC_LOCK_DETECTION_ENABLED", values: onOff },
  ],
  mcePageSizeWorkaround: [
    { since: "2.0", until: "3.0", path: "hv/FEATURES/MCE_ON_PSC_DISABLED", values: { on: false, off: true } },
    { since: "3.1", path: "hv/FEATURES/MCE_ON_PSC_ENABLED", values: { on: true, off: false } },
  ],
  cpuPerformancePolicy: [
    {
      since: "3.2",
      path: "hv/FEATURES/CPU_PERFORMANCE_POLICY",
      values: { performance: "Performance", nominal: "Nominal" },
    },
  ],
  l1dFlushOnVmEntry: [{ since: "2.0", path: "hv/FEATURES/L1D_VMENTRY_ENABLED", values: onOff }],
  keepIrqDisabled: [{ since: "3.0", path: "hv/FEATURES/KEEP_IRQ_DISABLED", values: onOff }],
  serviceVmSupervisor: [{ since: "3.3", path: "hv/FEATURES/SERVICE_VM_SUPERVISOR_ENABLED", values: onOff }],
  hyperv: [{ since: "2.0", path: "hv/FEATURES/HYPERV_ENABLED", values: onOff }],
  iommuEnforceSnoop: [{ since: "2.0", path: "hv/FEATURES/IOMMU_ENFORCE_SNP", values: onOff }],
  buildType: [
    { since: "2.0", until: "2.7", path: "hv/DEBUG_OPTIONS/RELEASE", values: { release: true, debug: false } },
    { since: "3.0", path: "hv/BUILD_TYPE", values: { release: "release", debug: "debug" } },
  ],
};

export const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];
