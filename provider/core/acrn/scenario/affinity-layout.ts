import { child, stepBelow, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect } from "../types";
import { gapBefore, lastLine, spaceAtEnd } from "./gap";
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

/** Levels below an affinity that has `gap` before it; a step is as wide as below the VM's other children (2.x: two blanks for these, four below). */
export function gapsBelow({ doc, vm }: AffinityPlace, gap: string): Gaps {
  if (!/^[\r\n]/.test(gap)) return { entry: "", part: "", partEnd: "", end: "" };
  const step = stepBelow(doc, vm.children[0] ?? vm);
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
