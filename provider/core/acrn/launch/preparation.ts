import { type HandOver, handOverOf } from "./cpus";
import { diskOf } from "./devices";
import { mountPoint, partitionsOf } from "./mount-point";
import type { VmConfig } from "./types";

/** What has to be there, and what is changed on the machine, before acrn-dm is started. */
export interface Preparation {
  /** Files and devices that acrn-dm opens. Those on `mounts` are looked for when these are mounted. */
  files: string[];
  filesOnMounts: string[];
  mounts: { partition: string; at: string }[];
  /** PCI devices that go to pci-stub (which is loaded for them), as sysfs names them: `0000:02:00.0`. */
  unbind: string[];
  /** Interfaces that are made where they are missing. */
  taps: string[];
  handOver?: HandOver;
}

export function preparation(vm: VmConfig): Preparation {
  const handOver = handOverOf(vm);
  return {
    files: [...loaderFiles(vm), ...inputs(vm), ...disks(vm, false)],
    filesOnMounts: disks(vm, true),
    mounts: partitionsOf(vm).map((partition) => ({ partition, at: mountPoint(vm, partition) })),
    unbind: vm.passthrough.map(({ bdf }) => `0000:${bdf}`),
    taps: [...new Set(vm.devices.flatMap((of) => (of.kind === "network" ? [of.tap] : [])))],
    ...(handOver ? { handOver } : {}),
  };
}

function loaderFiles({ loader }: VmConfig): string[] {
  if (loader.how === "none") return [];
  if (loader.how === "ovmf") return [loader.file, ...(loader.vars === undefined ? [] : [loader.vars])];
  return [loader.image, ...(loader.ramdisk === undefined ? [] : [loader.ramdisk])];
}

/** An input device that is named by what it says of itself may be away. */
function inputs(vm: VmConfig): string[] {
  const paths = vm.devices.flatMap((of) => (of.kind === "input" ? (of.device.split(",")[0] ?? "") : []));
  return paths.filter((path) => path.startsWith("/"));
}

/** Options follow a disk's path behind a comma; `nodisk` anywhere in it is an empty drive. [block_if.c blockif_open, virtio_block.c virtio_blk_init] */
function disks(vm: VmConfig, onMounts: boolean): string[] {
  return vm.devices.flatMap((of) => {
    if (of.kind !== "block" || (of.partition !== undefined) !== onMounts) return [];
    const [path] = diskOf(vm, of).split(",") as [string];
    return path === "" || of.path.includes("nodisk") ? [] : [path];
  });
}
