import { LIMITS } from "./limits";
import type { XmlDoc, XmlElement, XmlNode } from "./types";

/** One element of a document, to be replaced by the root of another one. */
export interface Graft {
  before: XmlDoc;
  element: XmlElement;
  piece: XmlDoc;
  /** How many characters longer the new one is. */
  by: number;
  /** How many elements are around it. */
  depth: number;
}

/**
 * A document of its own: nothing is shared that knows its parent or has moved. Undefined where it gets too deep, which
 * the parser has to say.
 */
export function grafted({ before, element, piece, by, depth }: Graft, text: string, file: string): XmlDoc | undefined {
  if (depth + depthOf(piece.root) > LIMITS.depth) return undefined;
  const kept: Copy = { from: element.start, by, replace: element, with: piece.root };
  const nodes = before.nodes.map((node) => copied(node, undefined, kept));
  const root = nodes[before.nodes.indexOf(before.root)] as XmlElement;
  return { text, file, root, nodes, lineStarts: lineStartsOf(before, element, piece, by) };
}

interface Copy {
  /** Positions behind it move `by` characters. */
  from: number;
  by: number;
  replace?: XmlElement;
  with?: XmlElement;
}

function copied(node: XmlNode, parent: XmlElement | undefined, how: Copy): XmlNode {
  if (node.kind !== "element") return moved(node, how);
  if (node === how.replace) return copied(how.with as XmlElement, parent, { from: -1, by: node.start }) as XmlElement;
  const at = (position: number) => (position > how.from ? position + how.by : position);
  const children: XmlElement[] = [];
  const nodes: XmlNode[] = [];
  const copy: XmlElement = {
    kind: "element",
    name: node.name,
    attributes: node.attributes,
    parent,
    children,
    nodes,
    value: node.value,
    start: at(node.start),
    end: at(node.end),
    contentStart: at(node.contentStart),
    contentEnd: at(node.contentEnd),
    selfClosing: node.selfClosing,
  };
  for (const each of node.nodes) {
    const inner = copied(each, copy, how);
    nodes.push(inner);
    if (inner.kind === "element") children.push(inner);
  }
  return copy;
}

/** What has no parent and stays where it was can be shared. */
function moved(node: Exclude<XmlNode, XmlElement>, { from, by }: Copy): XmlNode {
  if (node.start <= from || by === 0) return node;
  return { kind: node.kind, value: node.value, start: node.start + by, end: node.end + by };
}

function lineStartsOf({ lineStarts }: XmlDoc, element: XmlElement, piece: XmlDoc, by: number): number[] {
  const out: number[] = [];
  for (const start of lineStarts) if (start <= element.start) out.push(start);
  for (const start of piece.lineStarts) if (start > 0) out.push(element.start + start);
  for (const start of lineStarts) if (start > element.end) out.push(start + by);
  return out;
}

function depthOf(element: XmlElement): number {
  let deepest = 0;
  for (const each of element.children) deepest = Math.max(deepest, depthOf(each));
  return deepest + 1;
}
