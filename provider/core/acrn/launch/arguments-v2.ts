import type { DmArgument } from "./argument";
import { affinityOf } from "./cpus";
import { device, passthroughDevice, virtualDevice } from "./devices";
import { flag, INTERRUPT_MONITOR, LOGGER, loaderArguments, pollOf, sorted, words } from "./pieces";
import { slotsOf } from "./slots";
import type { VirtualDevice, VmConfig } from "./types";

/**
 * v2.0 to v2.7. A VM with a UUID is one of v2.6 or older. The generator up to v2.5 made the LPC bridge device 31, where a display that is passed
 * through needs a bridge of its own [commit 158eb3828, passthrough.c]; device 1, as before and after, is right for all. An RTVM has none,
 * unless a serial port of it is on stdio. `--lapic_pt` alone makes an RTVM, `--rtvm` one without LAPIC passthrough ("Soft RT"). [v2.5 and v2.7 com.py dm_arg_set, set_dm_pt]
 */
export function argumentsV2(vm: VmConfig): DmArgument[] {
  const { display, others, early, sharedMemory, late } = places(vm);
  const old = vm.uuid !== undefined;
  return [
    { option: "-A" },
    { option: "-m", value: `${vm.memoryMb}M` },
    device("0:0", "hostbridge"),
    ...(vm.uuid === undefined ? [] : [{ option: "-U", value: vm.uuid }]),
    ...(vm.windows ? [] : [{ option: "--mac_seed", value: { before: "", after: `-${vm.name}` } }]),
    ...pollOf(vm),
    ...flag("--rtvm", vm.realtime && !vm.lapicPassthrough),
    ...flag("--lapic_pt", vm.realtime && vm.lapicPassthrough),
    ...flag("--windows", vm.windows),
    LOGGER,
    ...(old ? [] : display),
    ...early,
    ...(old ? display : []),
    ...loaderArguments(vm.loader),
    ...affinityOf(vm),
    ...sharedMemory,
    ...(others.length > 0 ? [INTERRUPT_MONITOR] : []),
    ...(vm.realtime && !vm.vuart0 ? [] : [device("1:0", "lpc")]),
    ...(vm.vuart0 ? [{ option: "-l", value: "com1,stdio" }] : []),
    ...others,
    ...late,
    ...words(vm.dmArgs),
    { value: vm.name },
  ];
}

/** 2.x numbers what is passed through first, then the virtual devices as they come. [v2.5 launch_item.py PthruSelected.get_slot] */
function places(vm: VmConfig) {
  const slot = slotsOf(vm);
  const passed = vm.passthrough.map((of) => ({ gpu: of.gpu, argument: passthroughDevice(vm.dialect, of, slot(of)) }));
  const virtual = (kinds: readonly VirtualDevice["kind"][]) =>
    sorted(vm.devices, kinds).map((of) => virtualDevice(vm, of, slot(of)));
  return {
    display: passed.flatMap(({ gpu, argument }) => (gpu ? [argument] : [])),
    others: passed.flatMap(({ gpu, argument }) => (gpu ? [] : [argument])),
    early: virtual(["xhci", "input", "block", "network", "console", "gpu", "vsock"]),
    sharedMemory: virtual(["ivshmem"]),
    late: virtual(["vuart"]),
  };
}
