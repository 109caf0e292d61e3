import { parseXml, sameFields as sameTree } from "../xml";

export { affinityField, type FieldReading } from "./scenario/affinity-field";
export { readScenarioFeatures, type ScenarioFeatures } from "./scenario/features";
export { readScenario } from "./scenario/open";

/** Do two scenario files say the same? Comments count, white space and line ends do not. */
export function sameFields(a: string, b: string, file: string): boolean {
  return a === b || sameTree(parseXml(a, file), parseXml(b, file));
}
