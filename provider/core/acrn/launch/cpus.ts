import { AcrnError } from "../../errors";
import type { DmArgument } from "./argument";
import type { VmConfig } from "./types";

/** CPUs that leave the Service VM before the launch, and how they are named. */
export interface HandOver {
  /** `apic`: APIC ids as /proc/cpuinfo shows them; `cpu`: Linux numbers, which 2.x takes for pCPU ids. */
  by: "apic" | "cpu";
  ids: readonly number[];
}

/** `--cpu_affinity`: APIC ids in 3.x; pCPU ids in 2.x, and nothing there under SCHED_NOOP. [launch_cfg_gen.py; v2.5 com.py pcpu_arg_set] */
export function affinityOf(vm: VmConfig): DmArgument[] {
  if (vm.dialect === "2.x" && vm.scheduler === "SCHED_NOOP") return [];
  const ids = vm.dialect === "2.x" ? ascending(vm.pcpus) : apicIdsOf(vm);
  return ids.length > 0 ? [{ option: "--cpu_affinity", value: ids.join(",") }] : [];
}

/**
 * Undefined where the VM shares its CPUs with the Service VM. [launch_script_template.sh add_cpus; v2.5 com.py launch_end]
 * APIC ids where they are known, in 2.x too: with a pre-launched VM the Service VM counts its CPUs differently from the board.
 */
export function handOverOf(vm: VmConfig): HandOver | undefined {
  const exclusive = vm.realtime || vm.scheduler === "SCHED_NOOP" || (vm.dialect === "3.x" && vm.ownPcpu);
  if (!exclusive || vm.pcpus.length === 0) return undefined;
  if (vm.dialect === "2.x" && vm.apicIds === undefined) return { by: "cpu", ids: ascending(vm.pcpus) };
  return { by: "apic", ids: apicIdsOf(vm) };
}

function apicIdsOf(vm: VmConfig): number[] {
  if (vm.pcpus.length === 0) return [];
  if (vm.apicIds === undefined)
    throw new AcrnError(
      "launch.apic-ids",
      `the APIC ids of pCPU ${vm.pcpus.join(", ")} of the VM ${vm.name} are not known`,
      {
        hint: "A launch of ACRN 3.x names CPUs by APIC id. Use a board file with <processors> (board_inspector.py of v2.5 or later).",
      },
    );
  return ascending(vm.apicIds);
}

/** By number: the generator sorts them like that too, and acrn-dm makes a set of them. */
function ascending(ids: readonly number[]): number[] {
  return ids.toSorted((a, b) => a - b);
}
