import { assertIn } from "./guards";
import { eolAt, eolNear, indentOf, inlineGap, lineIndent, type Style, stepBelow } from "./habit";
import { backOverSpace, skipBlanks } from "./scan";
import type { XmlDoc, XmlElement, XmlNode, XmlWhere } from "./types";

/** A place for a new element: `[start, end)` becomes `lead + element + tail`. No style: it stands within a line. */
export interface Slot {
  start: number;
  end: number;
  lead: string;
  tail: string;
  style: Style | undefined;
}

/** Where a new child goes, written as its neighbours are. What stands there keeps its bytes. */
export function slotFor(doc: XmlDoc, parent: XmlElement, where: XmlWhere): Slot {
  assertIn(doc, parent);
  if (where === "last") return lastSlot(doc, parent);
  const anchor = "before" in where ? where.before : where.after;
  if (anchor.parent !== parent) throw new Error(`<${anchor.name}> is no child of this <${parent.name}>`);
  return "before" in where ? slotBefore(doc, parent, anchor) : slotAfter(doc, parent, anchor);
}

function slotBefore(doc: XmlDoc, parent: XmlElement, anchor: XmlElement): Slot {
  const at = { start: anchor.start, end: anchor.start };
  const indent = indentOf(doc, anchor);
  if (indent === undefined) return { ...at, lead: "", tail: inlineGap(doc, anchor), style: undefined };
  const style = styleAt(doc, parent, indent, anchor.start);
  return { ...at, lead: "", tail: style.eol + indent, style };
}

/** Behind comments that begin on the anchor's own line: they speak of the anchor. */
function slotAfter(doc: XmlDoc, parent: XmlElement, anchor: XmlElement): Slot {
  const indent = indentOf(doc, anchor);
  const end = indent === undefined ? undefined : endOfItsLine(doc, parent, anchor);
  if (indent !== undefined && end !== undefined) return newLine(doc, parent, indent, end);
  return { start: anchor.end, end: anchor.end, lead: inlineGap(doc, anchor), tail: "", style: undefined };
}

/** The end of the line behind the anchor when only blanks and comments follow on it; else undefined. */
function endOfItsLine(doc: XmlDoc, parent: XmlElement, anchor: XmlNode): number | undefined {
  let at = skipBlanks(doc.text, anchor.end);
  for (const node of parent.nodes) {
    if (node.kind === "comment" && node.start === at) at = skipBlanks(doc.text, node.end);
  }
  return at === parent.contentEnd || eolAt(doc.text, at) !== "" ? at : undefined;
}

function lastSlot(doc: XmlDoc, parent: XmlElement): Slot {
  if (parent.selfClosing) return openedSlot(doc, parent);
  const contentEnd = backOverSpace(doc.text, parent.contentEnd, parent.contentStart);
  if (contentEnd === parent.contentStart) return emptySlot(doc, parent);
  const last = parent.nodes.findLast((node) => node.kind === "element") ?? parent.nodes.find((n) => n.kind !== "text");
  const indent = last && indentOf(doc, last);
  if (indent !== undefined) return newLine(doc, parent, indent, skipBlanks(doc.text, contentEnd));
  const lead = last?.kind === "element" ? inlineGap(doc, last) : "";
  return { start: contentEnd, end: contentEnd, lead, tail: "", style: undefined };
}

/** `<x></x>`, or nothing but white space between the tags. */
function emptySlot(doc: XmlDoc, parent: XmlElement): Slot {
  const style = styleBelow(doc, parent);
  const firstLine = skipBlanks(doc.text, parent.contentStart);
  const broken = firstLine < parent.contentEnd;
  if (broken && style) return newLine(doc, parent, style.indent, firstLine);
  const span = { start: parent.contentStart, end: parent.contentEnd, style };
  if (!style) return { ...span, lead: "", tail: "" };
  return { ...span, lead: style.eol + style.indent, tail: style.eol + lineIndent(doc, parent) };
}

/** `<x/>` is opened. */
function openedSlot(doc: XmlDoc, parent: XmlElement): Slot {
  const style = styleBelow(doc, parent);
  const start = backOverSpace(doc.text, parent.end - 2, parent.start);
  const close = `</${parent.name}>`;
  if (!style) return { start, end: parent.end, lead: ">", tail: close, style };
  const [lead, tail] = [style.eol + style.indent, style.eol + lineIndent(doc, parent)];
  return { start, end: parent.end, lead: `>${lead}`, tail: tail + close, style };
}

/** A line of its own behind `at`, which is the end of a line or of the content. */
function newLine(doc: XmlDoc, parent: XmlElement, indent: string, at: number): Slot {
  const style = styleAt(doc, parent, indent, at);
  return { start: at, end: at, lead: style.eol + indent, tail: "", style };
}

function styleAt(doc: XmlDoc, parent: XmlElement, indent: string, at: number): Style {
  return { indent, step: stepBelow(doc, parent), eol: eolNear(doc.text, at) || "\n" };
}

/** The style of the first child of an element without any; undefined where the element stands within a line. */
function styleBelow(doc: XmlDoc, parent: XmlElement): Style | undefined {
  const indent = indentOf(doc, parent);
  const eol = eolNear(doc.text, parent.end);
  if (indent === undefined || eol === "") return undefined;
  const step = stepBelow(doc, parent);
  return { indent: indent + step, step, eol };
}
