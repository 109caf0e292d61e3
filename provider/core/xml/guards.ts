import { AcrnError } from "../errors";
import { placeOf } from "./navigate";
import { parseXml } from "./parse";
import { trimSpace } from "./scan";
import type { XmlDoc, XmlElement } from "./types";

/** An element of another document (an older version of this one, say) would send the edit to a wrong place: a bug. */
export function assertIn(doc: XmlDoc, element: XmlElement): void {
  let top = element;
  while (top.parent) top = top.parent;
  if (top !== doc.root) throw new Error(`<${element.name}> is not an element of this ${doc.file}`);
}

/** An edit that would lose what a user wrote, or leave no document. */
export function refused(doc: XmlDoc, element: XmlElement, summary: string, hint: string): AcrnError {
  return new AcrnError("xml.edit", summary, { where: placeOf(doc, element), hint });
}

/** Raw source that is put into a document has to be one element and nothing else. */
export function assertElement(raw: string): void {
  const { root } = parseXml(raw, "the recorded element");
  if (root.start === 0 && root.end === raw.length) return;
  throw new AcrnError("xml.edit", "the recorded source holds more than one element", {
    hint: `Only the element itself can be put back; this begins with ${JSON.stringify(trimSpace(raw).slice(0, 40))}.`,
  });
}

/** Whether a source is one element of that name and nothing else. */
export function isElement(raw: string, name: string): boolean {
  try {
    const { root } = parseXml(raw, "the recorded element");
    return root.name === name && root.start === 0 && root.end === raw.length;
  } catch (error) {
    if (error instanceof AcrnError) return false;
    throw error;
  }
}
