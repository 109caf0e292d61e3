import { parseXml, sameFields as sameTree } from "../xml";

export { affinityField, type FieldReading } from "./scenario/affinity-field";
export { readScenarioFeatures, type ScenarioFeatures } from "./scenario/features";
export { freeVmId, insertedVmDefaults } from "./scenario/insert-vm";
export { readScenario } from "./scenario/open";
export { virtioValue } from "./scenario/virtio-value";
export { OVMF, readVmConfig, type VmConfigFromScenario } from "./scenario/vm-config";
export { type VmValue, vmField } from "./scenario/vm-field";
export { type VmFieldName, vmFields } from "./scenario/vm-fields";

/** Do two scenario files say the same? Comments count, white space and line ends do not. */
export function sameFields(a: string, b: string, file: string): boolean {
  return a === b || sameTree(parseXml(a, file), parseXml(b, file));
}
