import { child, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect } from "../types";
import { entriesOf } from "./vm";

/** Where one VM's affinity is, or would be. */
export interface AffinityPlace {
  doc: XmlDoc;
  dialect: Dialect;
  vm: XmlElement;
  realtime: boolean;
  element: XmlElement | undefined;
}

/** White space of the levels of an affinity, each with its line break; all empty in a file without line breaks there. */
export interface Gaps {
  entry: string;
  /** Inside a 3.x entry: before its parts, and before its end tag. */
  part: string;
  partEnd: string;
  /** Before the end tag of the affinity. */
  end: string;
}

/** The white space right before an element. */
export function gapBefore(doc: XmlDoc, element: XmlElement): { start: number; text: string } {
  const start = withoutSpaceAtEnd(doc.text.slice(0, element.start)).length;
  return { start, text: doc.text.slice(start, element.start) };
}

/** White space as XML has it (section 2.3): trimEnd would take more. */
export function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function spaceAtEnd(text: string): string {
  return text.slice(withoutSpaceAtEnd(text).length);
}

/** White space from its last line break on; all of it where there is none. */
export function lastLine(space: string): string {
  return /(\r\n|\r|\n)[ \t]*$/.exec(space)?.[0] ?? space;
}

/** Levels below an affinity that has `gap` before it. One step is what the VM's children are indented by. */
export function gapsBelow({ doc, vm }: AffinityPlace, gap: string): Gaps {
  const eol = /^(\r\n|\r|\n)/.exec(gap)?.[0];
  if (eol === undefined) return { entry: "", part: "", partEnd: "", end: "" };
  const outer = lastLine(gapBefore(doc, vm).text).replace(/^[\r\n]+/, "");
  const own = gap.slice(eol.length);
  const step = own.startsWith(outer) && own.length > outer.length ? own.slice(outer.length) : "  ";
  return { entry: gap + step, part: gap + step + step, partEnd: gap + step, end: gap };
}

/** The habit of the entries that are there. */
export function gapsLike(place: AffinityPlace, element: XmlElement, firstLead: string): Gaps {
  const lead = spaceAtEnd(firstLead);
  const below = gapsBelow(place, lastLine(gapBefore(place.doc, element).text));
  const model = place.dialect === "3.x" ? entriesOf(element, place.dialect)[0] : undefined;
  const part = model && child(model, "pcpu_id");
  if (!model || !part) return { ...below, entry: lastLine(lead) };
  const tail = spaceAtEnd(place.doc.text.slice(part.end, model.contentEnd));
  return {
    entry: lastLine(lead),
    part: lastLine(gapBefore(place.doc, part).text),
    partEnd: lastLine(tail),
    end: below.end,
  };
}
