import type { TextEdit } from "../text/edits";
import { escapeText } from "./escape";
import { assertIn, refused } from "./guards";
import { eolNear } from "./habit";
import { backOverSpace, skipSpace, trimSpace } from "./scan";
import type { XmlDoc, XmlElement } from "./types";

/**
 * Replaces the text between the tags. Nothing to do when the element says `value` already, white space around it aside.
 * White space around the old text stays, unless there is no text or `value` brings its own. An element that holds other
 * elements, comments or instructions is refused: they would be lost.
 *
 * The inverse is `setText` with the old value, wherever that was written the plain way; for `<x/>`, CDATA and unusual
 * escapes record `rawOf` and put it back with `replaceElement`.
 */
export function setText(doc: XmlDoc, element: XmlElement, value: string): TextEdit[] {
  assertIn(doc, element);
  refuseLoss(doc, element);
  if (value === element.value || value === trimSpace(element.value)) return [];
  const content = escapeText(value, eolNear(doc.text, element.start) || "\n");
  if (element.selfClosing) {
    const from = backOverSpace(doc.text, element.end - 2, element.start);
    return [{ start: from, end: element.end, text: `>${content}</${element.name}>` }];
  }
  const [start, end] = trimSpace(value) === value && value !== "" ? core(doc, element) : whole(element);
  return [{ start, end, text: content }];
}

function refuseLoss(doc: XmlDoc, element: XmlElement): void {
  const other = element.nodes.find((node) => node.kind !== "text" && node.kind !== "cdata");
  if (!other) return;
  const what = other.kind === "element" ? `the element <${other.name}>` : `${article(other.kind)} ${other.kind}`;
  throw refused(
    doc,
    element,
    `<${element.name}> holds ${what}, so its text cannot be set`,
    other.kind === "element" ? "Set the text of that element instead." : "Move it in front of the element.",
  );
}

function article(kind: string): string {
  return kind === "instruction" ? "an" : "a";
}

function whole(element: XmlElement): [number, number] {
  return [element.contentStart, element.contentEnd];
}

/** The text without the white space around it; everything when there is nothing else. */
function core(doc: XmlDoc, element: XmlElement): [number, number] {
  const start = skipSpace(doc.text, element.contentStart, element.contentEnd);
  if (start === element.contentEnd) return whole(element);
  return [start, backOverSpace(doc.text, element.contentEnd, start)];
}
