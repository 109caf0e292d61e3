import type { DmArgument } from "./argument";
import { isVirtio } from "./devices";
import type { Loader, VirtualDevice, VmConfig } from "./types";

/** Both dialects' generators write these two as they are here. [launch_cfg_gen.py; v2.5 com.py interrupt_storm, log_level_set] */
export const INTERRUPT_MONITOR: DmArgument = { option: "--intr_monitor", value: "10000,10,1,100" };
export const LOGGER: DmArgument = { option: "--logger_setting", value: "console,level=4;kmsg,level=3;disk,level=5" };

/** 1 ms: what the generators give every RTVM. */
const POLL_NS = 1_000_000;

export function flag(option: string, on: boolean): DmArgument[] {
  return on ? [{ option }] : [];
}

export function words(all: readonly string[]): DmArgument[] {
  return all.map((value) => ({ value }));
}

/** Declared, or the generator's habit: an RTVM polls, in 3.x where it has something to poll. 0 is no polling. */
export function pollOf(vm: VmConfig): DmArgument[] {
  const habit = vm.realtime && (vm.dialect === "2.x" || vm.devices.some(isVirtio)) ? POLL_NS : 0;
  const interval = vm.virtioPoll ?? habit;
  return interval > 0 ? [{ option: "--virtio_poll", value: String(interval) }] : [];
}

/** The generators know OVMF alone; `-k`, `-r` and `-B` are acrn-dm's own boot. [devicemodel/core/main.c, sw_load_ovmf.c acrn_parse_ovmf] */
export function loaderArguments(loader: Loader): DmArgument[] {
  if (loader.how === "none") return [];
  if (loader.how === "ovmf") {
    const value = loader.vars === undefined ? loader.file : `code=${loader.file},vars=${loader.vars},w`;
    return [{ option: "--ovmf", value }];
  }
  const ramdisk = loader.ramdisk === undefined ? [] : [{ option: "-r", value: loader.ramdisk }];
  const args = loader.args === "" ? [] : [{ option: "-B", value: loader.args }];
  return [{ option: "-k", value: loader.image }, ...ramdisk, ...args];
}

/** Devices of these kinds, by kind; those of a kind stay in their order. */
export function sorted(devices: readonly VirtualDevice[], kinds: readonly VirtualDevice["kind"][]): VirtualDevice[] {
  return kinds.flatMap((kind) => devices.filter((of) => of.kind === kind));
}
