import { readScenario } from "../../../provider/core/acrn/scenario";
import type { Scenario } from "../../../provider/core/acrn/types";
import { formatCpuList } from "../../../provider/core/hardware/cpu-set";
import type { RunningRow, ScriptRow, VmRow } from "./rows";

export function vmRows(source: Scenario | undefined, record: Scenario | undefined): VmRow[] {
  const keys = new Set([...(source?.vms ?? []), ...(record?.vms ?? [])].map((vm) => vm.key));
  return [...keys].map((name) => {
    const [here, built] = [source, record].map((scenario) => scenario?.vms.find((vm) => vm.key === name));
    const vm = (here ?? built) as Scenario["vms"][number];
    const sorted = (cpus: readonly number[] | undefined) => (cpus ? [...cpus].sort((a, b) => a - b) : null);
    return {
      name,
      id: vm.id,
      load: vm.load,
      realtime: vm.realtime,
      source: sorted(here?.affinity),
      record: sorted(built?.affinity),
    };
  });
}

export function vmCells({ name, id, load, realtime, source, record }: VmRow): string[] {
  const cpus = (list: number[] | null) => (list ? formatCpuList(list) : "-");
  return [name, String(id), load, realtime ? "real-time" : "", cpus(source), cpus(record)];
}

export function runningCells({ name, state, why, autostart }: RunningRow): string[] {
  return [name, state, autostart ? `${why}; acrnd starts it at each boot` : why];
}

/** `--cpu_affinity` names APIC ids from v3.0 on, pCPU ids before (acrn-reference 6.2). */
export function scriptCells(
  { path, vm, cpus, line, role, runs }: ScriptRow,
  dialect: Scenario["dialect"] | undefined,
): string[] {
  const numbering = dialect === "2.x" ? "pCPU" : dialect === "3.x" ? "APIC id" : "CPU";
  const list = cpus ? `${numbering} ${cpus.join(",")}` : line === undefined ? "names no CPUs" : "CPUs not literal";
  return [
    line === undefined ? path : `${path}:${line}`,
    vm ?? "(VM not literal)",
    list,
    runs ? `${role} (runs now)` : role,
  ];
}

/** Undefined: there is none, or it cannot be read; `trouble` is told why. */
export function scenarioOrTrouble(
  text: string | undefined,
  file: string,
  trouble: (error: unknown) => void,
): Scenario | undefined {
  if (text === undefined) return undefined;
  try {
    return readScenario(text, file);
  } catch (error) {
    trouble(error);
    return undefined;
  }
}
