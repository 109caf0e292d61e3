import { childrenNamed, find } from "../xml";
import { openScenario, readScenario } from "./scenario/open";

/**
 * ACRN 2.x gives each vCPU a CLOS of its own row, `clos/vcpu_clos`, and with RDT on its configuration tools refuse a VM that has another number of
 * rows than of pCPUs [v2.0 .. v2.7 scenario_cfg_lib.py vcpu_clos_check]. Only a CacheClos has these rows; where there is none, what changes the pCPUs says so.
 */
export function closRowWarnings(
  { text, file }: { text: string; file: string },
  placed: readonly { vm: string; pcpus: readonly number[] }[],
): string[] {
  const { dialect, rdtEnabled } = readScenario(text, file);
  if (dialect !== "2.x" || !rdtEnabled) return [];
  const { vms } = openScenario(text, file);
  return placed.flatMap(({ vm, pcpus }) => {
    const element = vms.find(({ view }) => view.key === vm)?.element;
    const clos = element && find(element, "clos");
    const rows = clos ? childrenNamed(clos, "vcpu_clos").length : 0;
    if (!element || rows === pcpus.length) return [];
    return [
      `T15: ${vm} has ${rows} vcpu_clos rows for ${pcpus.length} pCPUs, and RDT is on: ACRN 2.x refuses to build that. Give its <clos> ${pcpus.length} rows in the scenario, vCPU 0 first, or pass this CorePartition to a CacheClos, which writes them`,
    ];
  });
}
