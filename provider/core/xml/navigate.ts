import type { Place } from "../errors";
import { lineIndex, placeAt } from "../text/place";
import type { XmlDoc, XmlElement } from "./types";

/** The first child of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

/** All children of that name, in document order. */
export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((each) => each.name === name);
}

/** Every element below, in document order, that has that name. */
export function descendantsNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((each) => [...(each.name === name ? [each] : []), ...descendantsNamed(each, name)]);
}

/** The exact source of an element. */
export function rawOf(doc: XmlDoc, element: XmlElement): string {
  return doc.text.slice(element.start, element.end);
}

/** Line (from 1) of the start tag. */
export function lineOf(doc: XmlDoc, element: XmlElement): number {
  return lineIndex(doc.lineStarts, element.start) + 1;
}

/** Where an element stands, with its line and a caret, for errors. */
export function placeOf(doc: XmlDoc, element: XmlElement): Place {
  return placeAt(doc.text, element.start, doc.file, doc.lineStarts);
}
