import { AcrnError } from "../errors";
import { type Graft, grafted } from "./graft";
import { LIMITS, refuseOtherEncodings } from "./limits";
import { parseXml } from "./parse";
import type { XmlDoc, XmlElement } from "./types";

/**
 * What `parseXml(text, file)` gives, made from the document of a similar text: an element whose tags did not change is the
 * same element with another content (XML 1.0, 3: an element stands in its parent whatever is in it), so only the smallest
 * ones that differ are parsed. Undefined where that is not possible or saves nothing, and for every text that may
 * be wrong: then the whole text has to be parsed, for its error and the place of it.
 */
export function reparsed(before: XmlDoc, text: string, file: string): XmlDoc | undefined {
  // Every element takes four characters, so a text that is that short cannot have too many of them.
  if (text.length > LIMITS.elements) return undefined;
  const { root } = before;
  const by = text.length - before.text.length;
  const change: Change = { old: before.text, text, file, grafts: new Map(), parsed: 0 };
  const around = same(change, 0, root.start, 0) && same(change, root.end, before.text.length, by);
  if (!around || inside(change, root, 0) !== by) return undefined;
  return grafted(before, change.grafts, text, file);
}

interface Change {
  old: string;
  text: string;
  file: string;
  /** Elements of the old document that have another source now. */
  grafts: Map<XmlElement, Graft>;
  /** How many characters were parsed for them. */
  parsed: number;
}

/** Is `[from, to)` of the old text in the new one, `by` characters further on? */
function same({ old, text }: Change, from: number, to: number, by: number): boolean {
  return text.startsWith(old.slice(from, to), from + by);
}

/**
 * Finds what differs between the tags of an element that begins `by` further on: how much further its end is, or undefined
 * when more than the elements in it differ.
 */
function inside(change: Change, element: XmlElement, by: number): number | undefined {
  let at = element.start;
  let moved = by;
  for (const each of element.children) {
    if (!same(change, at, each.start, moved)) return undefined;
    at = each.end;
    if (same(change, each.start, each.end, moved)) continue;
    const next = inside(change, each, moved) ?? instead(change, each, moved);
    if (next === undefined) return undefined;
    moved = next;
  }
  return same(change, at, element.end, moved) ? moved : undefined;
}

/** Parses what stands in the place of an element. A source that is one element alone is that element wherever it stands. */
function instead(change: Change, element: XmlElement, by: number): number | undefined {
  const { text, grafts } = change;
  const start = element.start + by;
  const tag = `</${element.name}>`;
  const close = text.startsWith(`<${element.name}`, start) ? text.indexOf(tag, start) : -1;
  if (close === -1) return undefined;
  const end = close + tag.length;
  change.parsed += end - start;
  const root = 2 * change.parsed > text.length ? undefined : parsedAlone(text.slice(start, end), change);
  if (!root) return undefined;
  const longer = end - start - (element.end - element.start);
  grafts.set(element, { root, longer });
  return by + longer;
}

/** Only the beginning of the whole text says its encoding, and any part of it may belie that. */
function parsedAlone(source: string, { text, file }: Change): XmlElement | undefined {
  try {
    refuseOtherEncodings(text, file);
    const { root } = parseXml(source, file);
    return root.start === 0 && root.end === source.length ? root : undefined;
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}
