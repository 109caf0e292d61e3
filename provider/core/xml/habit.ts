import { isSpace, skipBlanks } from "./scan";
import type { XmlDoc, XmlElement, XmlNode } from "./types";

/** How lines are written around a place. */
export interface Style {
  /** White space before an element of this level. */
  indent: string;
  /** What each further level adds. */
  step: string;
  eol: string;
}

/** Where the line that holds `offset` starts; behind a BOM. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at--;
  return at === 0 && text.startsWith("\ufeff") ? Math.min(1, offset) : at;
}

/** The line ending at `offset`, or "". */
export function eolAt(text: string, offset: number): string {
  if (text.startsWith("\r\n", offset)) return "\r\n";
  return text[offset] === "\n" || text[offset] === "\r" ? text.charAt(offset) : "";
}

/** The line ending that ends at `offset`, or "". */
export function eolBefore(text: string, offset: number): string {
  if (text.slice(Math.max(0, offset - 2), offset) === "\r\n") return "\r\n";
  return text[offset - 1] === "\n" || text[offset - 1] === "\r" ? text.charAt(offset - 1) : "";
}

/** The line ending in use around `offset`: the next one, else the one before; "" in a text of one line. */
export function eolNear(text: string, offset: number): string {
  const next = /\r\n?|\n/g;
  next.lastIndex = offset;
  const found = next.exec(text)?.[0];
  return found ?? eolBefore(text, lineStart(text, offset));
}

/** White space before a node that is the first on its line; undefined when something else is before it. */
export function indentOf(doc: XmlDoc, node: XmlNode): string | undefined {
  const lead = doc.text.slice(lineStart(doc.text, node.start), node.start);
  return /^[ \t]*$/.test(lead) ? lead : undefined;
}

/** Leading white space of the line on which an element starts, whatever stands before it there. */
export function lineIndent(doc: XmlDoc, element: XmlElement): string {
  const start = lineStart(doc.text, element.start);
  return doc.text.slice(start, Math.min(skipBlanks(doc.text, start), element.start));
}

/** The blanks between an element and what stands before it on the line, unless that is the parent's tag. */
export function inlineGap(doc: XmlDoc, element: XmlElement): string {
  let at = element.start;
  while (doc.text[at - 1] === " " || doc.text[at - 1] === "\t") at--;
  const first = at === element.parent?.contentStart;
  return first || isSpace(doc.text[at - 1]) ? "" : doc.text.slice(at, element.start);
}

/**
 * What one level adds below `parent`: as its own children do, as the children of its siblings do (nearest first), as
 * the levels above do; two blanks where nothing tells. Files mix widths (2.x: two for `hv`, four below).
 */
export function stepBelow(doc: XmlDoc, parent: XmlElement): string {
  for (let at: XmlElement | undefined = parent; at; at = at.parent) {
    const step = ownStep(doc, at) ?? siblingStep(doc, at);
    if (step) return step;
  }
  return "  ";
}

function siblingStep(doc: XmlDoc, element: XmlElement): string | undefined {
  const siblings = element.parent?.children ?? [];
  const at = siblings.indexOf(element);
  const nearest = [...siblings.slice(0, at).reverse(), ...siblings.slice(at + 1)];
  for (const sibling of nearest) {
    const step = ownStep(doc, sibling);
    if (step) return step;
  }
  return undefined;
}

function ownStep(doc: XmlDoc, element: XmlElement): string | undefined {
  const outer = indentOf(doc, element);
  if (outer === undefined) return undefined;
  for (const each of element.children) {
    const inner = indentOf(doc, each);
    if (inner !== undefined && inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  return undefined;
}
