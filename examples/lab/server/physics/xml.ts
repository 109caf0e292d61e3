import { parseXml, type XmlElement } from "@rgrove/parse-xml";

/** The few questions that the lab has for XML. */
export function rootOf(text: string): XmlElement | undefined {
  try {
    return parseXml(text).root ?? undefined;
  } catch {
    return undefined;
  }
}

export function children(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((node): node is XmlElement => (node as XmlElement).name === name);
}

export function at(element: XmlElement, path: string): XmlElement[] {
  return path.split("/").reduce((found, name) => found.flatMap((one) => children(one, name)), [element]);
}

export const textOf = (element: XmlElement, path: string): string => at(element, path)[0]?.text.trim() ?? "";

/** Every element of a name, at any depth. */
export function all(element: XmlElement, name: string): XmlElement[] {
  const inside = element.children.flatMap((node) => ("children" in node ? all(node as XmlElement, name) : []));
  return element.name === name ? [element, ...inside] : inside;
}
