import { formatCpuList } from "../../hardware/cpu-set";
import { readScenario, readScenarioFeatures } from "../scenario";
import type { VmView } from "../types";

/** pCPUs of VMs as a CorePartition will have them, which the scenario may not say yet. */
export type Pcpus = Readonly<Record<string, readonly number[]>>;

export interface Shared {
  pcpu: number;
  vms: string[];
}

/**
 * pCPUs that more than one VM has. Not told of: the Service VM beside post-launched VMs, because their launch takes those pCPUs from
 * it where the scheduler is SCHED_NOOP [v3.3 misc/config_tools/launch_config/launch_script_template.sh add_cpus].
 */
export function sharedPcpus(vms: readonly VmView[], declared: Pcpus): Shared[] {
  const holders = new Map<number, VmView[]>();
  for (const vm of vms)
    for (const pcpu of new Set(declared[vm.key] ?? vm.affinity ?? []))
      holders.set(pcpu, [...(holders.get(pcpu) ?? []), vm]);
  return [...holders]
    .map(([pcpu, all]) => ({ pcpu, vms: apart(all) }))
    .filter(({ vms: names }) => names.length > 1)
    .sort((a, b) => a.pcpu - b.pcpu);
}

/**
 * What never runs although ACRN builds it: SCHED_NOOP keeps one thread a pCPU, and a second vCPU that wakes there is dropped without a word [v3.3
 * hypervisor/common/sched_noop.c sched_noop_wake]. Nothing under another scheduler.
 */
export function noopShared(text: string, file: string): Shared[] {
  return readScenarioFeatures(text, file).scheduler === "SCHED_NOOP"
    ? sharedPcpus(readScenario(text, file).vms, {})
    : [];
}

/** `POST_STD_VM1 and POST_STD_VM2 on pCPU 0-1`, once for each group of VMs. */
export function showShared(shared: readonly Shared[]): string {
  const groups = new Map<string, number[]>();
  for (const { pcpu, vms } of shared) groups.set(vms.join(" and "), [...(groups.get(vms.join(" and ")) ?? []), pcpu]);
  return [...groups].map(([vms, pcpus]) => `${vms} on pCPU ${formatCpuList(pcpus)}`).join("; ");
}

function apart(holders: readonly VmView[]): string[] {
  const post = holders.filter(({ load }) => load === "post-launched");
  const counted = post.length === holders.length - 1 ? holders.filter(({ load }) => load !== "service") : holders;
  return counted.map(({ key }) => key).sort();
}
