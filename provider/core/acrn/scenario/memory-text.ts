import { child, find, trimSpace, type XmlElement } from "../../xml";
import type { OpenScenario } from "./open";

/** MiB that a 3.x VM has when `memory/size` is absent or empty: the schema's default, 256 in v3.0 [schema/VMtypes.xsd]. */
export function defaultMemory({ doc }: Pick<OpenScenario, "doc">): number {
  return find(doc.root, "hv/FEATURES/MCE_ON_PSC_DISABLED") ? 256 : 1024;
}

/** MiB of a 3.x VM. A size that is no number counts as absent here; the field `memory` shows it as it is. */
export function memoryOf(scenario: Pick<OpenScenario, "doc">, vm: XmlElement): number {
  const memory = child(vm, "memory");
  const text = trimSpace((memory && child(memory, "size")?.value) ?? "");
  return /^\d{1,9}$/.test(text) ? Number(text) : defaultMemory(scenario);
}
