import type { DmArgument } from "./argument";
import { affinityOf } from "./cpus";
import { device, isVirtio, passthroughDevice, virtualDevice } from "./devices";
import { flag, INTERRUPT_MONITOR, LOGGER, loaderArguments, pollOf, sorted, words } from "./pieces";
import { slotsOf } from "./slots";
import type { VirtualDevice, VmConfig } from "./types";

/** ivshmem and vUARTs come first: their numbers are the user's. [launch_cfg_gen.py generate_for_one_vm] */
const ORDER = ["ivshmem", "vuart", "xhci", "input", "console", "network", "block", "gpu", "vsock"] as const;

/** v3.0 and later. [launch_cfg_gen.py generate_for_one_vm, v3.0 .. 3.4-dev] */
export function argumentsV3(vm: VmConfig): DmArgument[] {
  const slot = slotsOf(vm);
  return [
    ...flag("--windows", vm.windows),
    ...affinityOf(vm),
    { option: "-m", value: `${vm.memoryMb}M` },
    ...loaderArguments(vm.loader),
    ...(vm.realtime ? [] : [device("1:0", "lpc")]),
    ...(vm.vuart0 ? [{ option: "-l", value: "com1,stdio" }] : []),
    device("0:0", "hostbridge"),
    ...virtualDevices(vm, slot),
    ...passthroughDevices(vm, slot),
    ...flag("--rtvm", vm.realtime),
    ...flag("--lapic_pt", vm.realtime && vm.lapicPassthrough),
    LOGGER,
    ...words(vm.dmArgs),
    { value: vm.name },
  ];
}

function virtualDevices(vm: VmConfig, slot: (of: VirtualDevice) => number): DmArgument[] {
  const all = sorted(vm.devices, ORDER);
  const first = all.findIndex(isVirtio);
  return all.flatMap((of, at) => [...(at === first ? pollOf(vm) : []), virtualDevice(vm, of, slot(of))]);
}

/** The monitor is for all devices but a display, and stands behind the first of them. */
function passthroughDevices(vm: VmConfig, slot: ReturnType<typeof slotsOf>): DmArgument[] {
  const placed = vm.passthrough.map((of) => ({ of, at: slot(of) }));
  const first = placed.find(({ at }) => at !== 2);
  return placed.flatMap((one) => [
    passthroughDevice(vm.dialect, one.of, one.at),
    ...(one === first ? [INTERRUPT_MONITOR] : []),
  ]);
}
