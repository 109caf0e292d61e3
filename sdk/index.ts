export type { HostFacts, Known } from "../provider/core/acrn/facts";
export { AcrnHost, type AcrnHostArgs } from "./acrn-host";
export type { Connection, FolderConnection, SshConnection, SshHop } from "./connection";
export { CorePartition, type CorePartitionArgs, type CoreWish } from "./core-partition";
