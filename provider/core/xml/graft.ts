import { lineStarts } from "../text/place";
import { LIMITS } from "./limits";
import type { XmlDoc, XmlElement, XmlNode } from "./types";

/** What takes the place of an element of a document. */
export interface Graft {
  /** The root of a document of its own. */
  root: XmlElement;
  /** How many characters longer it is. */
  longer: number;
}

/**
 * A document of its own: nothing is shared that knows its parent or has moved. Undefined where it gets too deep, which
 * the parser has to say.
 */
export function grafted(
  before: XmlDoc,
  grafts: ReadonlyMap<XmlElement, Graft>,
  text: string,
  file: string,
): XmlDoc | undefined {
  for (const [element, { root }] of grafts) if (levelsAbove(element) + levelsIn(root) > LIMITS.depth) return undefined;
  const copy: Copy = { by: 0, grafts };
  const nodes = before.nodes.map((node) => copied(node, undefined, copy));
  const root = nodes[before.nodes.indexOf(before.root)] as XmlElement;
  return { text, file, root, nodes, lineStarts: lineStarts(text) };
}

/** A copy in document order. */
interface Copy {
  /** How many characters further on the next node stands. */
  by: number;
  grafts: ReadonlyMap<XmlElement, Graft>;
}

function copied(node: XmlNode, parent: XmlElement | undefined, copy: Copy): XmlNode {
  if (node.kind !== "element") return moved(node, copy);
  const graft = copy.grafts.get(node);
  if (!graft) return copiedElement(node, parent, copy);
  const made = copiedElement(graft.root, parent, { by: node.start + copy.by, grafts: NONE });
  copy.by += graft.longer;
  return made;
}

const NONE: Copy["grafts"] = new Map();

function copiedElement(element: XmlElement, parent: XmlElement | undefined, copy: Copy): XmlElement {
  const made: { -readonly [K in keyof XmlElement]: XmlElement[K] } = {
    kind: "element",
    name: element.name,
    attributes: element.attributes,
    parent,
    children: element.children,
    nodes: element.nodes,
    value: element.value,
    start: element.start + copy.by,
    end: 0,
    contentStart: element.contentStart + copy.by,
    contentEnd: 0,
    selfClosing: element.selfClosing,
  };
  made.nodes = element.nodes.map((each) => copied(each, made, copy));
  if (element.children.length > 0) made.children = made.nodes.filter((each) => each.kind === "element");
  // What is in it has moved these.
  made.end = element.end + copy.by;
  made.contentEnd = element.contentEnd + copy.by;
  return made;
}

/** What has no parent and stays where it was can be shared. */
function moved(node: Exclude<XmlNode, XmlElement>, { by }: Copy): XmlNode {
  return by === 0 ? node : { kind: node.kind, value: node.value, start: node.start + by, end: node.end + by };
}

function levelsAbove(element: XmlElement): number {
  let levels = 0;
  for (let at = element.parent; at; at = at.parent) levels++;
  return levels;
}

function levelsIn(element: XmlElement): number {
  let deepest = 0;
  for (const each of element.children) deepest = Math.max(deepest, levelsIn(each));
  return deepest + 1;
}
