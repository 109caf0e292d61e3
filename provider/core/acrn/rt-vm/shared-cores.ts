import { formatCpuList } from "../../hardware/cpu-set";
import { readScenario } from "../scenario";
import type { VmView } from "../types";

/**
 * pCPUs of a real-time VM that another VM has too, each a sentence. ACRN's validator looks for them only in a file whose defaults are filled in
 * (reference, section 5). The Service VM is left out: the launch takes the pCPU from it.
 */
export function sharedCores(text: string, file: string): string[] {
  const vms = readScenario(text, file).vms.filter(({ load }) => load !== "service");
  return vms.flatMap((mine, at) =>
    vms.slice(at + 1).flatMap((other) => {
      if (!(alone(mine) || alone(other))) return [];
      const both = (mine.affinity ?? []).filter((id) => other.affinity?.includes(id)).sort((a, b) => a - b);
      return both.length === 0 ? [] : [`${mine.key} and ${other.key} are both on pCPU ${formatCpuList(both)}`];
    }),
  );
}

const alone = ({ realtime, lapicPassthrough, ownPcpu }: VmView): boolean => realtime || lapicPassthrough || ownPcpu;
