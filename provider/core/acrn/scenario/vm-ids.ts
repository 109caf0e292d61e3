import { AcrnError } from "../../errors";
import { find, trimSpace } from "../../xml";
import { type OpenScenario, openScenario } from "./open";
import { knowsUuids } from "./vm-uuid";

/**
 * An id for a new post-launched VM: behind all others, else the first that is free. It is greater than the Service VM's
 * (vm_types: an error otherwise) and below the number of VMs that the hypervisor has room for.
 */
export function freeVmId(text: string, file: string): number {
  const scenario = openScenario(text, file);
  const { first, limit } = idRange(scenario, file);
  const taken = scenario.vms.map(({ view }) => view.id);
  const behind = Math.max(...taken) + 1;
  const gaps = Array.from({ length: Math.max(0, limit - first) }, (_, at) => first + at);
  const free = behind < limit ? behind : gaps.find((id) => !taken.includes(id));
  if (free !== undefined && taken.length < limit) return free;
  throw new AcrnError(
    "scenario.full",
    `there is no VM id left: the scenario has ${taken.length} VMs, ids below ${limit}`,
    {
      where: { file },
      hint: knowsUuids(scenario)
        ? "ACRN up to v2.6 holds 8 VMs: take one out of the scenario."
        : "Raise hv/CAPACITIES/MAX_VM_NUM, or take a VM out of the scenario.",
    },
  );
}

/** Whether a post-launched VM may have this id, or why not. */
export function idProblem(scenario: OpenScenario, file: string, id: number, vmKey: string): string | undefined {
  const { first, limit } = idRange(scenario, file);
  const other = scenario.vms.find(({ view }) => view.id === id && view.key !== vmKey);
  if (other) return `id ${id} is ${other.view.key}'s`;
  if (id < first) return `id ${id} is not greater than the Service VM's, which is ${first - 1}`;
  return id < limit ? undefined : `id ${id} is not below ${limit}, the number of VMs that ACRN has room for`;
}

function idRange(scenario: OpenScenario, file: string): { first: number; limit: number } {
  const service = scenario.vms.find(({ view }) => view.load === "service");
  if (service) return { first: service.view.id + 1, limit: maxVmNum(scenario) };
  throw new AcrnError("scenario.no-service-vm", "the scenario has no Service VM, which launches the others", {
    where: { file },
    hint: "A post-launched VM needs a shared or hybrid scenario.",
  });
}

/** A constant up to v2.6, an option from v2.7 on [v2.5, 3.4-dev MAX_VM_NUM in misc/config_tools/library; schema/config.xsd]. */
function maxVmNum(scenario: OpenScenario): number {
  if (knowsUuids(scenario)) return 8;
  const text = trimSpace(find(scenario.doc.root, "hv/CAPACITIES/MAX_VM_NUM")?.value ?? "");
  return /^\d{1,5}$/.test(text) ? Number(text) : 16;
}
