import { AcrnError } from "../errors";
import { commonEnds } from "../text/common-ends";
import { type Graft, grafted } from "./graft";
import { LIMITS, refuseOtherEncodings } from "./limits";
import { parseXml } from "./parse";
import type { XmlDoc, XmlElement } from "./types";

/**
 * What `parseXml(text, file)` gives, made from the document of a similar text: an element whose tags did not change is the
 * same element with another content (XML 1.0, 3: an element stands in its parent whatever is in it), so only the smallest
 * one around the difference is parsed. Undefined where that is not possible or saves nothing, and for every text that may
 * be wrong: then the whole text has to be parsed, for its error and the place of it.
 */
export function reparsed(before: XmlDoc, text: string, file: string): XmlDoc | undefined {
  // Every element takes four characters, so a text that is that short cannot have too many of them.
  if (text.length > LIMITS.elements) return undefined;
  const { start, end } = commonEnds(before.text, text);
  const around = smallestAround(before.root, start, before.text.length - end);
  const by = text.length - before.text.length;
  if (!around || 2 * (around.element.end - around.element.start) > text.length) return undefined;
  const { element, depth } = around;
  const piece = parsedAlone(text.slice(element.start, element.end + by), text, file);
  return piece && grafted({ before, element, piece, by, depth }, text, file);
}

/** The deepest element that holds `[from, to)` between its tags, other than the root, and how many are around it. */
function smallestAround(root: XmlElement, from: number, to: number): Pick<Graft, "element" | "depth"> | undefined {
  let element = root;
  for (let depth = 0; ; depth++) {
    const inner = element.children.find(
      (each) => !each.selfClosing && each.contentStart <= from && to <= each.contentEnd,
    );
    if (!inner) return depth === 0 ? undefined : { element, depth };
    element = inner;
  }
}

function parsedAlone(source: string, text: string, file: string): XmlDoc | undefined {
  try {
    refuseOtherEncodings(text, file);
    const piece = parseXml(source, file);
    return piece.root.start === 0 && piece.root.end === source.length ? piece : undefined;
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}
