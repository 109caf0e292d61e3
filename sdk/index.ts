export type { HostFacts, Known } from "../provider/core/acrn/facts";
export type { VcpuPlace } from "../provider/core/acrn/partition/types";
export type { Cache, Core, CoreType, Pcpu } from "../provider/core/hardware/types";
export type { ActName } from "../provider/core/plan/acts";
export type { Pending } from "../provider/resources/kind";
export { AcrnHost, type AcrnHostArgs } from "./acrn-host";
export type { Connection, FolderConnection, SshConnection, SshHop } from "./connection";
export { CorePartition, type CorePartitionArgs, type CoreWish } from "./core-partition";
