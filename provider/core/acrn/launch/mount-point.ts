import type { VmConfig } from "./types";

/** Where a partition that holds a VM's disk image is mounted: a place that is known, unlike the generator's `mktemp -d`, so that arguments can be compared. */
export function mountPoint(vm: VmConfig, partition: string): string {
  const at = partitionsOf(vm).indexOf(partition);
  return `/run/pulumi-acrn/mnt/${vm.name}/${at}`;
}

/** Each once, in the order of the devices. */
export function partitionsOf(vm: VmConfig): string[] {
  return [
    ...new Set(vm.devices.flatMap((of) => (of.kind === "block" && of.partition !== undefined ? [of.partition] : []))),
  ];
}
