import type { XmlNode as ParsedNode, XmlDocument } from "@rgrove/parse-xml";
import { XmlElement as Parsed, XmlCdata, XmlComment, XmlProcessingInstruction, XmlText } from "@rgrove/parse-xml";
import { tagEnd } from "./scan";
import type { XmlElement, XmlNode } from "./types";

type ToSource = (offset: number) => number;

/** The library's tree as ours: positions of the original text, attributes in a map, elements apart from the rest. */
export function buildTree(doc: XmlDocument, text: string, toSource: ToSource): { nodes: XmlNode[]; root: XmlElement } {
  // In a text with surrogate pairs the library gives Infinity for the very end.
  const at: ToSource = (offset) => (Number.isFinite(offset) ? toSource(offset) : text.length);
  const nodes = doc.children.map((node) => build(node, undefined, text, at));
  const root = nodes.find((node) => node.kind === "element");
  if (!root) throw new Error("a parsed document has a root");
  return { nodes, root };
}

/** Recursion is bounded by the depth limit. */
function build(node: ParsedNode, parent: XmlElement | undefined, text: string, at: ToSource): XmlNode {
  if (node instanceof Parsed) return buildElement(node, parent, text, at);
  const [start, end] = [at(node.start), at(node.end)];
  if (node instanceof XmlCdata) return { kind: "cdata", value: node.text, start, end }; // before XmlText: it is one
  if (node instanceof XmlText) return { kind: "text", value: node.text, start, end };
  if (node instanceof XmlComment) return { kind: "comment", value: node.content, start, end };
  if (node instanceof XmlProcessingInstruction)
    return { kind: "instruction", value: `${node.name} ${node.content}`, start, end };
  // It is not asked for the XML declaration, and a DOCTYPE does not get as far.
  throw new Error(`a node of another kind: ${node.type}`);
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

/** Of elements without any. */
const NO_NODES: readonly XmlNode[] = [];
const NO_CHILDREN: readonly XmlElement[] = [];

type Made = { -readonly [K in keyof XmlElement]: XmlElement[K] };

function buildElement(node: Parsed, parent: XmlElement | undefined, text: string, at: ToSource): XmlElement {
  const start = at(node.start);
  const end = at(node.end);
  const contentStart = tagEnd(text, start) ?? end;
  const selfClosing = contentStart === end;
  const element: Made = {
    kind: "element",
    name: node.name,
    attributes: attributesOf(node),
    parent,
    children: NO_CHILDREN,
    nodes: NO_NODES,
    value: "",
    start,
    end,
    contentStart,
    // An end tag is `</name>` with white space at most before `>`: no second `<` in it.
    contentEnd: selfClosing ? end : text.lastIndexOf("<", end - 1),
    selfClosing,
  };
  fill(element, node, text, at);
  return element;
}

/** Most elements hold one text alone: lists that grow would take more room than all the rest. */
function fill(element: Made, { children }: Parsed, text: string, at: ToSource): void {
  if (children.length === 0) return;
  const nodes = children.map((each) => build(each, element, text, at));
  element.nodes = nodes;
  if (nodes.some((node) => node.kind === "element")) element.children = nodes.filter((node) => node.kind === "element");
  for (const node of nodes) if (node.kind === "text" || node.kind === "cdata") element.value += node.value;
}
