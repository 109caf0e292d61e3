import type { TextEdit } from "../text/edits";
import { assertElement, assertIn, refused } from "./guards";
import { eolAt, eolBefore, indentOf, inlineGap } from "./habit";
import { insertRaw } from "./insert";
import { skipBlanks } from "./scan";
import type { XmlDoc, XmlElement } from "./types";

/** What a removal took and where: all that is needed to put it back byte for byte. Plain data, for the ledger. */
export interface Removed {
  /** The element. */
  raw: string;
  /** White space before and behind it that went with it. */
  lead: string;
  tail: string;
  /** Its place among the child elements of its parent. */
  index: number;
  /** What stays between the sibling before (or the parent's tag) and the removed span, and behind it likewise. */
  gapBefore: string;
  gapAfter: string;
}

/**
 * Takes an element away, with its lines when it has them to itself. Comments stay, blank lines too.
 * The root is refused.
 */
export function removeElement(doc: XmlDoc, element: XmlElement): { edits: TextEdit[]; removed: Removed } {
  assertIn(doc, element);
  const { parent } = element;
  if (!parent) throw refused(doc, element, "the root of a document cannot be removed", "Remove the file instead.");
  const { text } = doc;
  const [start, end] = span(doc, element, parent);
  const index = parent.children.indexOf(element);
  const [from, to] = around(parent, index, index + 1);
  const removed: Removed = {
    raw: text.slice(element.start, element.end),
    lead: text.slice(start, element.start),
    tail: text.slice(element.end, end),
    index,
    gapBefore: text.slice(from, start),
    gapAfter: text.slice(end, to),
  };
  return { edits: [{ start, end, text: "" }], removed };
}

/** From the end of the child before `low` to the start of the child `high`, or the ends of the content. */
function around(parent: XmlElement, low: number, high: number): [number, number] {
  return [parent.children[low - 1]?.end ?? parent.contentStart, parent.children[high]?.start ?? parent.contentEnd];
}

function span(doc: XmlDoc, element: XmlElement, parent: XmlElement): [number, number] {
  const { text } = doc;
  const indent = indentOf(doc, element);
  if (indent === undefined) return [element.start - inlineGap(doc, element).length, element.end];
  const line = element.start - indent.length;
  const rest = skipBlanks(text, element.end);
  const eol = eolAt(text, rest);
  if (eol !== "") return [line, rest + eol.length];
  // The parent's end tag follows on the same line: it moves up to where the line before ends.
  if (element.end === parent.contentEnd) return [line - eolBefore(text, line).length, element.end];
  return [element.start, element.end];
}

/**
 * Puts a removed element back among the children of `parent`, before the child that now has its index. Byte for byte
 * where it was when its surroundings are as they were; else where at least one side is; else as `insertRaw` would.
 */
export function restoreRemoved(doc: XmlDoc, parent: XmlElement, removed: Removed, index = removed.index): TextEdit[] {
  assertIn(doc, parent);
  assertElement(removed.raw);
  const at = Math.min(Math.max(index, 0), parent.children.length);
  const offset = parent.selfClosing ? undefined : formerOffset(doc, around(parent, at, at), removed);
  if (offset !== undefined) return [{ start: offset, end: offset, text: removed.lead + removed.raw + removed.tail }];
  const next = parent.children[at];
  const previous = parent.children[at - 1];
  return insertRaw(doc, parent, removed.raw, next ? { before: next } : previous ? { after: previous } : "last");
}

function formerOffset(doc: XmlDoc, [from, to]: [number, number], removed: Removed): number | undefined {
  const { gapBefore, gapAfter } = removed;
  const gap = doc.text.slice(from, to);
  if (gap === gapBefore + gapAfter) return from + gapBefore.length;
  // With other surroundings only a whole line still fits, and only where a line of that kind starts.
  const eol = /\r\n?$|\n$/.exec(removed.tail)?.[0];
  if (eol === undefined) return undefined;
  const candidates: number[] = [];
  if (gap.startsWith(gapBefore)) candidates.push(from + gapBefore.length);
  if (gap.endsWith(gapAfter)) candidates.push(to - gapAfter.length);
  return candidates.find((offset) => eolBefore(doc.text, offset) === eol);
}
