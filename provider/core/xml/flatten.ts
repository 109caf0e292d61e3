import { segments } from "./path";
import { trimSpace } from "./scan";
import type { XmlDoc, XmlElement } from "./types";

/**
 * Every value of a document by its path, in document order: `hv/FEATURES/RDT/RDT_ENABLED`, attributes as `vm[1]/@kind`
 * (less the id that the path holds already), text beside child elements as `x/text()`. Values are decoded and trimmed.
 */
export function flatten(doc: XmlDoc): Map<string, string> {
  const values = new Map<string, string>();
  collect(doc.root, "", "", values);
  return values;
}

function collect(element: XmlElement, path: string, segment: string, values: Map<string, string>): void {
  const below = (name: string) => (path === "" ? name : `${path}/${name}`);
  for (const [name, value] of element.attributes) {
    if (name !== "id" || !segment.includes("[@id=")) values.set(below(`@${name}`), value);
  }
  const text = trimSpace(element.value);
  if (element.children.length === 0) values.set(path === "" ? "text()" : path, text);
  else if (text !== "") values.set(below("text()"), text);
  for (const [each, part] of segments(element)) collect(each, below(part), part, values);
}
