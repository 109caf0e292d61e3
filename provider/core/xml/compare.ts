import { trimSpace } from "./scan";
import type { XmlDoc, XmlElement, XmlNode } from "./types";

type Form = [kind: string, name: string, ...rest: unknown[]];

/**
 * Whether two documents say the same: elements and their order, attributes in any order, texts and comments. Line
 * endings, white space around texts, quoting, CDATA, `<x/>` or `<x></x>`, the BOM and the XML declaration do not count.
 */
export function sameFields(a: XmlDoc, b: XmlDoc): boolean {
  return JSON.stringify(forms(a.nodes)) === JSON.stringify(forms(b.nodes));
}

function forms(nodes: readonly XmlNode[]): Form[] {
  const out: Form[] = [];
  let text = "";
  const flush = () => {
    if (trimSpace(text) !== "") out.push(["text", trimSpace(text)]);
    text = "";
  };
  for (const node of nodes) {
    if (node.kind === "text" || node.kind === "cdata") {
      text += node.value;
      continue;
    }
    flush();
    out.push(node.kind === "element" ? elementForm(node) : [node.kind, trimSpace(node.value)]);
  }
  flush();
  return out;
}

function elementForm(element: XmlElement): Form {
  const attributes = [...element.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return ["element", element.name, attributes, forms(element.nodes)];
}
