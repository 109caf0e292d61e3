/** What can be made to go wrong on a lab host: while it runs (`host.faults`), and beforehand in its tree. */
export { clockWrongBy } from "./clock";
export { hardLinked, immutable, overwritten, symlinked, type Undo, withAcl, withXattr } from "./files";
export type { Gauge } from "./gauge";
export { bindMounted, type Disk, fatDisk, readOnlyMount, smallDisk } from "./mounts";
export { COUNTABLE, PacketCount, packetEnd } from "./packets";
export type * from "./types";
export { Unavailable } from "./unavailable";
