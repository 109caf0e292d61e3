import type { XmlNode as ParsedNode, XmlDocument } from "@rgrove/parse-xml";
import { XmlElement as Parsed, XmlCdata, XmlComment, XmlProcessingInstruction, XmlText } from "@rgrove/parse-xml";
import { tagEnd } from "./scan";
import type { XmlElement, XmlNode } from "./types";

type ToSource = (offset: number) => number;

/** The library's tree as ours: positions of the original text, attributes in a map, elements apart from the rest. */
export function buildTree(doc: XmlDocument, text: string, toSource: ToSource): { nodes: XmlNode[]; root: XmlElement } {
  // In a text with surrogate pairs the library gives Infinity for the very end.
  const at: ToSource = (offset) => (Number.isFinite(offset) ? toSource(offset) : text.length);
  const nodes = doc.children.map((node) => build(node, undefined, text, at)).filter((node) => node !== undefined);
  const root = nodes.find((node) => node.kind === "element");
  if (!root) throw new Error("a parsed document has a root");
  return { nodes, root };
}

/** Recursion is bounded by the depth limit. */
function build(node: ParsedNode, parent: XmlElement | undefined, text: string, at: ToSource): XmlNode | undefined {
  if (node instanceof Parsed) return buildElement(node, parent, text, at);
  const [start, end] = [at(node.start), at(node.end)];
  if (node instanceof XmlCdata) return { kind: "cdata", value: node.text, start, end }; // before XmlText: it is one
  if (node instanceof XmlText) return { kind: "text", value: node.text, start, end };
  if (node instanceof XmlComment) return { kind: "comment", value: node.content, start, end };
  if (node instanceof XmlProcessingInstruction)
    return { kind: "instruction", value: `${node.name} ${node.content}`, start, end };
  return undefined;
}

/** Shared by all elements without attributes, which are most. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

function attributesOf({ attributes }: Parsed): ReadonlyMap<string, string> {
  let made: Map<string, string> | undefined;
  // The library's record has no prototype, so these are the attributes alone.
  for (const name in attributes) {
    made ??= new Map();
    made.set(name, attributes[name] as string);
  }
  return made ?? NO_ATTRIBUTES;
}

function buildElement(node: Parsed, parent: XmlElement | undefined, text: string, at: ToSource): XmlElement {
  const start = at(node.start);
  const end = at(node.end);
  const contentStart = tagEnd(text, start) ?? end;
  const selfClosing = contentStart === end;
  const nodes: XmlNode[] = [];
  const children: XmlElement[] = [];
  const element: { -readonly [K in keyof XmlElement]: XmlElement[K] } = {
    kind: "element",
    name: node.name,
    attributes: attributesOf(node),
    parent,
    children,
    nodes,
    value: "",
    start,
    end,
    contentStart,
    // An end tag is `</name>` with white space at most before `>`: no second `<` in it.
    contentEnd: selfClosing ? end : text.lastIndexOf("<", end - 1),
    selfClosing,
  };
  for (const each of node.children) {
    const made = build(each, element, text, at);
    if (!made) continue;
    nodes.push(made);
    if (made.kind === "element") children.push(made);
    else if (made.kind === "text" || made.kind === "cdata") element.value += made.value;
  }
  return element;
}
