export type { HostFacts, Known } from "../provider/core/acrn/facts";
export type { FeatureName } from "../provider/core/acrn/features/table";
export type { VcpuPlace } from "../provider/core/acrn/partition/types";
export type { Limits as GpuLimits } from "../provider/core/gpu/read";
export type { Cache, Core, CoreType, Pcpu } from "../provider/core/hardware/types";
export type { ActName } from "../provider/core/plan/acts";
export type {
  Entry as TuningEntry,
  Override as TuningOverride,
  Profile as TuningProfile,
  What as TuningWhat,
} from "../provider/core/tuning/profiles/types";
export type { Pending } from "../provider/resources/kind";
export { AcrnHost, type AcrnHostArgs } from "./acrn-host";
export { Activation, type ActivationArgs, type Shutdown } from "./activation";
export { type CacheClass, CacheClos, type CacheClosArgs, type CacheShare } from "./cache-clos";
export type { Connection, FolderConnection, SshConnection, SshHop } from "./connection";
export { CorePartition, type CorePartitionArgs, type CoreWish } from "./core-partition";
export { GpuFrequency, type GpuFrequencyArgs } from "./gpu-frequency";
export { Guest, type GuestArgs } from "./guest";
export {
  GuestKernelTuning,
  type GuestKernelTuningArgs,
  type TuningOverrides,
} from "./guest-kernel-tuning";
export { HypervisorFeatures, type HypervisorFeaturesArgs } from "./hypervisor-features";
export { HypervisorImage, type HypervisorImageArgs, type ImageBuild } from "./hypervisor-image";
export { type Loader, type PassthroughDevice, RtVm, type RtVmArgs, type VirtioDevices } from "./rt-vm";
