import type { TextEdit } from "../text/edits";
import { assertElement, assertIn } from "./guards";
import { eolNear, indentOf, stepBelow } from "./habit";
import { render } from "./render";
import { type Slot, slotFor } from "./slot";
import type { XmlDoc, XmlElement, XmlSpec, XmlWhere } from "./types";

/**
 * A new child, indented and broken into lines as its neighbours are. `removeElement` of it is the inverse, unless the
 * parent was empty: `<x/>` comes back as `<x></x>` over two lines; record `rawOf` the parent where that matters.
 */
export function insertChild(doc: XmlDoc, parent: XmlElement, spec: XmlSpec, where: XmlWhere): TextEdit[] {
  const slot = slotFor(doc, parent, where);
  return filled(slot, render(spec, slot.style, eolNear(doc.text, slot.start) || "\n"));
}

/** A new child given as source, which is taken as it is: only its first line is indented. */
export function insertRaw(doc: XmlDoc, parent: XmlElement, raw: string, where: XmlWhere): TextEdit[] {
  assertElement(raw);
  return filled(slotFor(doc, parent, where), raw);
}

/** Another element in the place of this one, as source (taken as it is) or as a spec (written in the file's habit). */
export function replaceElement(doc: XmlDoc, element: XmlElement, by: string | XmlSpec): TextEdit[] {
  assertIn(doc, element);
  const text = typeof by === "string" ? by : renderInPlace(doc, element, by);
  if (typeof by === "string") assertElement(by);
  return text === doc.text.slice(element.start, element.end) ? [] : [{ start: element.start, end: element.end, text }];
}

function renderInPlace(doc: XmlDoc, element: XmlElement, spec: XmlSpec): string {
  const indent = indentOf(doc, element);
  const eol = eolNear(doc.text, element.start);
  const style = indent === undefined || eol === "" ? undefined : { indent, step: stepBelow(doc, element), eol };
  return render(spec, style, eol || "\n");
}

function filled(slot: Slot, element: string): TextEdit[] {
  return [{ start: slot.start, end: slot.end, text: slot.lead + element + slot.tail }];
}
