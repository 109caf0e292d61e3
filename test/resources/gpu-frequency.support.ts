import type { HostTreeSpec, VmSpec } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { gpuFrequencyKind } from "../../provider/resources/gpu-frequency";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

export const who = { stack: "s", kind: "GpuFrequency", urns: ["urn:gpu"] };
export const RULES = "/etc/udev/rules.d/99-pulumi-acrn-gpu.rules";
export const ADDRESS = "0000:00:02.0";

const VMS: VmSpec[] = [
  { kind: "service", cpus: [0, 1] },
  { kind: "post-rt", name: "RT", cpus: [2, 3] },
];

/** A host with a GPU from 300 to 1300 MHz, all of it let loose. */
export function cell(more: Partial<HostTreeSpec> = {}): MemoryHost {
  const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms: VMS };
  const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
  const gpu = { lowest: 300, highest: 1300 };
  return new MemoryHost({ ...identity("gpu"), board, scenario, acrnVersion: "3.3", gpu, ...more });
}

export function plan(memory: MemoryHost, args: Record<string, unknown>): Planned {
  return planResource(memory.draft(), gpuFrequencyKind, who, gpuFrequencyKind.schema.parse(args), "id1");
}

export function withdraw(memory: MemoryHost): Planned {
  return planWithdrawal(memory.draft(), Object.values(memory.draft().ledger.owners), kindOf);
}

const fileOf = (limit: string, address = ADDRESS) => `/sys/bus/pci/devices/${address}/drm/card0/gt_${limit}_freq_mhz`;

/** What i915 says: max, boost, min. */
export function running(memory: MemoryHost): number[] {
  return ["max", "boost", "min"].map((limit) => Number(memory.files.get(fileOf(limit))));
}

/** Somebody sets a limit by hand. */
export function setBy(memory: MemoryHost, limit: "min" | "max" | "boost", mhz: number): void {
  memory.put(fileOf(limit), `${mhz}\n`);
}

/** The driver goes, as it does when the GPU is given to a VM. */
export function unbind(memory: MemoryHost): void {
  for (const path of [...memory.files.keys()])
    if (path.startsWith("/sys/bus/pci/devices/")) memory.put(path, undefined);
}

/** The lines that change limits. */
export function limits(planned: Planned): string[] {
  return planned.lines.filter((line) => line.startsWith("gpu["));
}
