import type { VirtualDevice } from "../launch/types";

/** What a program declares of one real-time VM, as far as rules ask for it. Undefined: not declared, so what is there stays. */
export interface RtVmWish {
  name: string;
  /** pCPU ids of its partition, ascending. */
  pcpus: readonly number[];
  memoryMb?: number;
  /** ns; 0 is a wish for none. */
  virtioPoll?: number;
  virtio?: readonly VirtualDevice[];
  passthrough?: readonly { bdf: string; options?: string }[];
  kernel?: { image: string; args: string; ramdisk?: string };
  dmArgs: readonly string[];
}
