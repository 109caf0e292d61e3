import type { Dialect } from "../types";

/** A leaf below `<hv>` that is a field. */
export interface HvLeaf {
  /** `list`: the element repeats, and all of its kind together are one field. */
  kind: "boolean" | "text" | "list";
  /** What an empty boolean element means: the schema's default, which the build fills in. */
  fallback?: boolean;
  /** The dialect that has it, and why the other has not; without: both have it. */
  only?: Dialect;
  why?: string;
}

const text: HvLeaf = { kind: "text" };
const bool = (fallback: boolean): HvLeaf => ({ kind: "boolean", fallback });
const in2x = (leaf: HvLeaf, why: string): HvLeaf => ({ ...leaf, only: "2.x", why });
const in3x = (leaf: HvLeaf, why: string): HvLeaf => ({ ...leaf, only: "3.x", why });

const NO_MBA = "ACRN 3.x cannot limit memory bandwidth; 2.x can";
const IN_CACHE_REGION = "ACRN 3.x has cache masks in hv/CACHE_REGION";
const SINCE_3 = "ACRN 2.x has no such option";
const OLD_NAME = "ACRN 3.x has no such option of that name";

/**
 * By path from the root; a row more is a field more. A map, because paths come from a ledger. Which versions within a
 * dialect have an option is told by core/acrn/features. Types and defaults: [v2.5, v2.7, v3.0 .. 3.4-dev
 * misc/config_tools/schema/config.xsd FeatureOptionsType and HVConfigType, types.xsd RDTType].
 */
export const HV_LEAVES: ReadonlyMap<string, HvLeaf> = new Map<string, HvLeaf>([
  ["hv/BUILD_TYPE", in3x(text, "ACRN 2.x says it by hv/DEBUG_OPTIONS/RELEASE")],
  ["hv/DEBUG_OPTIONS/RELEASE", in2x(bool(false), "ACRN 3.x says it by hv/BUILD_TYPE")],
  ["hv/FEATURES/SCHEDULER", text],
  ["hv/FEATURES/SERVICE_VM_SUPERVISOR_ENABLED", in3x(bool(false), SINCE_3)],
  ["hv/FEATURES/ENFORCE_TURNOFF_AC", bool(true)],
  ["hv/FEATURES/ENFORCE_TURNOFF_GP", bool(false)],
  ["hv/FEATURES/SPLIT_LOCK_DETECTION_ENABLED", in3x(bool(false), SINCE_3)],
  ["hv/FEATURES/UC_LOCK_DETECTION_ENABLED", in3x(bool(false), SINCE_3)],
  ["hv/FEATURES/RDT/RDT_ENABLED", bool(false)],
  ["hv/FEATURES/RDT/CDP_ENABLED", bool(false)],
  ["hv/FEATURES/RDT/VCAT_ENABLED", bool(false)],
  ["hv/FEATURES/RDT/CLOS_MASK", in2x({ kind: "list" }, IN_CACHE_REGION)],
  ["hv/FEATURES/RDT/MBA_DELAY", in2x({ kind: "list" }, NO_MBA)],
  ["hv/FEATURES/KEEP_IRQ_DISABLED", in3x(bool(false), SINCE_3)],
  ["hv/FEATURES/HYPERV_ENABLED", bool(true)],
  ["hv/FEATURES/NVMX_ENABLED", in2x(bool(false), OLD_NAME)],
  ["hv/FEATURES/IOMMU_ENFORCE_SNP", bool(false)],
  ["hv/FEATURES/L1D_VMENTRY_ENABLED", bool(false)],
  ["hv/FEATURES/MCE_ON_PSC_DISABLED", bool(false)],
  ["hv/FEATURES/MCE_ON_PSC_ENABLED", in3x(bool(true), SINCE_3)],
  ["hv/FEATURES/CPU_PERFORMANCE_POLICY", in3x(text, SINCE_3)],
]);

/**
 * Children in the schema's order, by the path of their parent. Only RDT is a sequence, where it counts; elsewhere the
 * order is free (xs:all) and this one is that of ACRN's own files.
 */
export const HV_ORDER: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "hv",
    [
      ...["BUILD_TYPE", "DEBUG_OPTIONS", "FEATURES", "vuart_connections", "MEMORY", "CAPACITIES", "MISC_CFG"],
      ...["HIDDEN_PDEV_REGION", "CACHE_REGION"],
    ],
  ],
  ["hv/DEBUG_OPTIONS", ["RELEASE"]],
  [
    "hv/FEATURES",
    [
      ...["RELOC", "RELOC_ENABLED", "SCHEDULER", "MULTIBOOT2", "MULTIBOOT2_ENABLED", "SERVICE_VM_SUPERVISOR_ENABLED"],
      ...["ENFORCE_TURNOFF_AC", "ENFORCE_TURNOFF_GP", "SPLIT_LOCK_DETECTION_ENABLED", "UC_LOCK_DETECTION_ENABLED"],
      ...["SECURITY_VM_FIXUP", "RDT", "NVMX_ENABLED", "KEEP_IRQ_DISABLED", "HYPERV_ENABLED", "IOMMU_ENFORCE_SNP"],
      ...["ACPI_PARSE_ENABLED", "L1D_VMENTRY_ENABLED", "MCE_ON_PSC_DISABLED", "MCE_ON_PSC_ENABLED"],
      ...["VUART_RX_BUF_SIZE", "VUART_TX_BUF_SIZE", "VUART_TIMER_PCPU", "IVSHMEM", "SSRAM", "CPU_PERFORMANCE_POLICY"],
    ],
  ],
  ["hv/FEATURES/RDT", ["RDT_ENABLED", "CDP_ENABLED", "VCAT_ENABLED", "CLOS_MASK", "MBA_DELAY"]],
]);
