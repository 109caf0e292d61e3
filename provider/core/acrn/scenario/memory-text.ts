import { child, descendantsNamed, find, trimSpace, type XmlElement } from "../../xml";
import { type OpenScenario, openScenario } from "./open";

/** MiB that a 3.x VM has when `memory/size` is absent or empty: the schema's default, 256 in v3.0 [schema/VMtypes.xsd]. */
export function defaultMemory({ doc }: Pick<OpenScenario, "doc">): number {
  return find(doc.root, "hv/FEATURES/MCE_ON_PSC_DISABLED") ? 256 : 1024;
}

/** MiB of a 3.x VM. A size that is no number counts as absent here; the field `memory` shows it as it is. */
export function memoryOf(scenario: Pick<OpenScenario, "doc">, vm: XmlElement): number {
  const memory = child(vm, "memory");
  return numberIn(memory && child(memory, "size")) ?? defaultMemory(scenario);
}

/**
 * MiB of each VM but the Service VM, by its key: `size` and what is fixed by `size_hpa`, as ACRN's validator adds them up
 * [misc/config_tools/schema/checks/vm_memory.xsd]. Empty for 2.x, which has no such check.
 * @param instead sizes that the file does not say yet
 */
export function memoryByVm(
  text: string,
  file: string,
  instead: Readonly<Record<string, number | undefined>> = {},
): Map<string, number> {
  const scenario = openScenario(text, file);
  const vms = scenario.dialect === "2.x" ? [] : scenario.vms.filter(({ view }) => view.load !== "service");
  const fixed = (vm: XmlElement) =>
    descendantsNamed(vm, "size_hpa").reduce((sum, element) => sum + (numberIn(element) ?? 0), 0);
  const own = (key: string) => (Object.hasOwn(instead, key) ? instead[key] : undefined);
  return new Map(
    vms.map(({ view, element }) => [view.key, (own(view.key) ?? memoryOf(scenario, element)) + fixed(element)]),
  );
}

function numberIn(element: XmlElement | undefined): number | undefined {
  const text = trimSpace(element?.value ?? "");
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
