import { AcrnError } from "../../errors";
import type { Dialect } from "../types";
import type { VmConfig } from "./types";

/** A display that is passed through is the guest's 00:02.0, as its driver expects. [launch_cfg_gen.py VirtualBDFAllocator; v2.5 com.py gvt_arg_set] */
const GPU = 2;

/**
 * The device numbers that the generator has to give, lowest first: 3.x leaves 0..2, 30 and 31 alone; 2.x also 3, which it keeps for a disk
 * that nobody ever asks for. [launch_cfg_gen.py VirtualBDFAllocator; v2.5 launch_cfg_lib.py PT_SLOT, virtual_dev_slot]
 */
const POOL: Record<Dialect, readonly number[]> = { "3.x": range(3, 29), "2.x": range(4, 30) };

/** 2.x gives only one number of each of these pairs. [v2.5 launch_cfg_lib.py virtual_dev_slot] */
const EITHER: Record<Dialect, readonly [number, number][]> = {
  "3.x": [],
  "2.x": [
    [6, 14],
    [7, 15],
  ],
};

/**
 * Gives device numbers in the order of the calls, as the generator does for a VM that is alone in its launch file. (2.x counts on over all
 * VMs of a file, which means nothing to the guests.) Numbers that are given are set aside first, so that nothing else gets one of them.
 */
export function slotsOf(vm: VmConfig): (device: { slot?: number; gpu?: boolean; options?: string }) => number {
  const taken = new Set([...vm.devices, ...vm.passthrough].flatMap(({ slot }) => slot ?? []));
  const free = POOL[vm.dialect].filter((slot) => !taken.has(slot));
  return ({ slot, gpu, options }) => {
    if (slot !== undefined) return slot;
    if (gpu || options?.includes("igd")) return GPU;
    const at = free.findIndex((candidate) => !blocked(candidate, taken, vm.dialect));
    if (at < 0) throw full(vm);
    const [next] = free.splice(at, 1) as [number];
    taken.add(next);
    return next;
  };
}

function blocked(slot: number, taken: ReadonlySet<number>, dialect: Dialect): boolean {
  return EITHER[dialect].some(([a, b]) => (slot === a && taken.has(b)) || (slot === b && taken.has(a)));
}

function full(vm: VmConfig): AcrnError {
  const count = vm.devices.length + vm.passthrough.length;
  return new AcrnError(
    "launch.slots",
    `the VM ${vm.name} has ${count} devices, more than its PCI bus has numbers for`,
    {
      hint: `acrn-dm has one bus; numbers ${POOL[vm.dialect][0]} to ${POOL[vm.dialect].at(-1)} are free. Take devices away.`,
    },
  );
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
