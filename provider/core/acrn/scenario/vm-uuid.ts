import { child, trimSpace, type XmlElement } from "../../xml";
import type { OpenScenario } from "./open";

/**
 * Up to v2.6 the hypervisor knows post-launched VMs by fixed UUIDs: the n-th VM of a type has the type's n-th
 * [v2.0..v2.6 misc/config_tools/library/scenario_cfg_lib.py UUID_DB, launch_cfg_lib.py get_scenario_uuid].
 */
const UUIDS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "POST_STD_VM",
    [
      "d2795438-25d6-11e8-864e-cb7a18b34643",
      "615db82a-e189-4b4f-8dbb-d321343e4ab3",
      "38158821-5208-4005-b72a-8a609e4190d0",
      "a6750180-f87a-48d2-91d9-4e7f62b6519e",
      "d1816e4a-a9bb-4cb4-a066-3f1a8a5ce73f",
    ],
  ],
  ["POST_RT_VM", ["495ae2e5-2603-4d64-af76-d4bc5a8ec0e5"]],
  ["KATA_VM", ["a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"]],
]);

/** v2.7 renamed the Service VM's type, and tells VMs apart by name. */
export function knowsUuids({ dialect, vms }: OpenScenario): boolean {
  return dialect === "2.x" && vms.some(({ element }) => typeOf(element) === "SOS_VM");
}

/** How many VMs of a type such a version can hold; undefined where no UUID limits it. */
export function uuidLimit(scenario: OpenScenario, type: string): number | undefined {
  return knowsUuids(scenario) ? UUIDS.get(type)?.length : undefined;
}

export function uuidOf(scenario: OpenScenario, vm: XmlElement): string | undefined {
  if (!knowsUuids(scenario)) return undefined;
  const type = typeOf(vm);
  const id = scenario.vms.find(({ element }) => element === vm)?.view.id ?? 0;
  const before = scenario.vms.filter(({ element, view }) => typeOf(element) === type && view.id < id);
  return UUIDS.get(type)?.[before.length];
}

/** How many VMs of a 2.x type there are. */
export function countOfType({ vms }: OpenScenario, type: string): number {
  return vms.filter(({ element }) => typeOf(element) === type).length;
}

function typeOf(vm: XmlElement): string {
  return trimSpace(child(vm, "vm_type")?.value ?? "");
}
