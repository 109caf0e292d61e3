import type { HostTreeSpec, ScenarioSpec, VmSpec } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { hypervisorFeaturesKind } from "../../provider/resources/hypervisor-features";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

export const who = { stack: "s", kind: "HypervisorFeatures", urns: ["urn:features"] };
export const CFG = "/etc/default/grub.d/zz-pulumi-acrn-hypervisor.cfg";

export type Version = NonNullable<ScenarioSpec["version"]>;

export const VMS: VmSpec[] = [
  { kind: "service", cpus: [0, 1, 2, 3] },
  { kind: "post-rt", name: "RT", cpus: [2, 3] },
  { kind: "post", name: "STD", cpus: [1] },
];

/** A host whose record is of a version, and its image too. */
export function cell(version: Version = "3.3", more: Partial<HostTreeSpec> = {}, vms = VMS): MemoryHost {
  const dialect = version.startsWith("2") ? ("2.x" as const) : ("3.x" as const);
  const scenario: ScenarioSpec = { name: "s", dialect, version, board: "b", vms };
  const board = { name: "b", dialect, pCores: 4, l3: { ways: 12, cat: true } };
  return new MemoryHost({ ...identity(`features ${version}`), board, scenario, acrnVersion: version, ...more });
}

export function plan(memory: MemoryHost, args: Record<string, unknown>): Planned {
  return planResource(memory.draft(), hypervisorFeaturesKind, who, hypervisorFeaturesKind.schema.parse(args), "id1");
}

/** The lines that change fields, without those that tell of files. */
export function fields(planned: Planned): string[] {
  return planned.lines.filter((line) => line.startsWith("scenario hv/"));
}

export function withdraw(memory: MemoryHost): Planned {
  return planWithdrawal(memory.draft(), Object.values(memory.draft().ledger.owners), kindOf);
}

/** What the record says, changed by hand: it and its packaged twin are one file. */
export function edit(memory: MemoryHost, path: RegExp, from: RegExp, to: string): void {
  for (const [name, text] of memory.files) if (path.test(name)) memory.put(name, text.replace(from, to));
}
