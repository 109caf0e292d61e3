import { rawOf, type XmlDoc, type XmlElement } from "../../xml";
import { withoutSpaceAtEnd } from "./gap";

/** An entry of an element that is a list, with what belongs to it. */
export interface Entry {
  element: XmlElement;
  /** What stands before it on lines of its own: white space, comments. */
  lead: string;
  raw: string;
  /** What follows on its line. */
  tail: string;
}

/** Cuts the content so that its parts in order are the content again. What follows a tag on its line belongs to it. */
export function cutList(
  doc: XmlDoc,
  list: XmlElement,
  found: readonly XmlElement[],
): { head: string; entries: Entry[]; rest: string } {
  const gapAfter = (from: number, next: XmlElement | undefined) => {
    const to = next?.start ?? list.contentEnd;
    const line = lineBreak(doc, list, from, to) ?? from;
    return { tail: doc.text.slice(from, line), lead: doc.text.slice(line, to) };
  };
  const first = gapAfter(list.contentStart, found[0]);
  let lead = first.lead;
  const entries = found.map((element, index) => {
    const after = gapAfter(element.end, found[index + 1]);
    const made = { element, lead, raw: rawOf(doc, element), tail: after.tail };
    lead = after.lead;
    return made;
  });
  return { head: first.tail, entries, rest: lead };
}

/** Entries that stay. What stood on lines of its own before one that goes moves on to the next. */
export function keepEntries(
  entries: readonly Entry[],
  stays: (entry: Entry) => boolean,
): { kept: Entry[]; orphans: string } {
  const kept: Entry[] = [];
  let orphans = "";
  for (const entry of entries) {
    if (stays(entry)) {
      kept.push({ ...entry, lead: orphans + entry.lead });
      orphans = "";
    } else orphans += withoutSpaceAtEnd(entry.lead);
  }
  return { kept, orphans };
}

/** The element with another content; `<x/>` is opened for it. */
export function wrapIn(doc: XmlDoc, element: XmlElement, content: string): string {
  if (!element.selfClosing)
    return (
      doc.text.slice(element.start, element.contentStart) + content + doc.text.slice(element.contentEnd, element.end)
    );
  const open = rawOf(doc, element).replace(/\s*\/>$/, ">");
  return `${open}${content}</${element.name}>`;
}

/** The first line break between two places that is not within a comment. */
function lineBreak(doc: XmlDoc, list: XmlElement, from: number, to: number): number | undefined {
  for (const node of list.nodes) {
    if (node.kind !== "text" || node.start < from || node.end > to) continue;
    const line = doc.text.slice(node.start, node.end).search(/[\r\n]/);
    if (line >= 0) return node.start + line;
  }
  return undefined;
}
