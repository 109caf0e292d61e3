import { builtFrom, pcpusOf } from "../server/physics/image";
import type { ClosTable } from "../server/physics/rdt/table";

/** What the static allocators decide. */
export interface Configured {
  table: ClosTable;
  /** MAJOR.MINOR of the sources that read this scenario. */
  version: string;
  /** Further lines of allocation.xml, by VM: its CPUs, where it names none itself. */
  vms: Record<string, string[]>;
}

export function configure(scenario: string, board: string): Configured {
  const version = versionOf(scenario);
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const image = builtFrom({ scenario, board, version: major * 100 + minor });
  const service = image.vms.find((vm) => vm.load === "service" && vm.pcpus.length === 0);
  const cpus = service ? pcpusOf(image, service).map((cpu) => `  <pcpu_id>${cpu}</pcpu_id>`) : [];
  // static_allocators/cpu_affinity.py
  const lines = ["<load_order>SERVICE_VM</load_order>", "<cpu_affinity>", ...cpus, "</cpu_affinity>"];
  return { table: image.table, version, vms: service ? { [service.id]: lines } : {} };
}

/** By what only some versions have (reference 2.2, "Dialect test"). */
function versionOf(scenario: string): string {
  if (!/<load_order>/.test(scenario)) return /SERVICE_VM<\/vm_type>/.test(scenario) ? "2.7" : "2.5";
  if (/<MCE_ON_PSC_DISABLED>/.test(scenario)) return "3.0";
  if (/<(VUART_TIMER_PCPU|SERVICE_VM_SUPERVISOR_ENABLED|bvt_weight)>/.test(scenario)) return "3.3";
  return /<(CPU_PERFORMANCE_POLICY|own_pcpu)>/.test(scenario) ? "3.2" : "3.1";
}
