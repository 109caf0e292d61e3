import { same } from "../../claims/same";
import type { FieldValue, Reading, Surface } from "../../claims/types";
import { AcrnError } from "../../errors";
import { applyEdits } from "../../text/edits";
import { childrenNamed, find, parseXml, render, setText, trimSpace, type XmlDoc, type XmlElement } from "../../xml";
import { gapBefore, lastLine, withoutSpaceAtEnd } from "./gap";
import { HV_LEAVES, type HvLeaf } from "./hv-leaves";
import { insertedAt, withoutOurs } from "./hv-place";
import { openScenario } from "./open";
import { noPlace } from "./vm-place";

/** One leaf below `<hv>`; the place is its path from the root: `hv/FEATURES/RDT/RDT_ENABLED`. */
export const hvField: Pick<Surface, "read" | "write" | "restore"> = {
  read(text, file, path) {
    const found = locate(text, file, path);
    if ("why" in found) return { kind: "no-place", why: found.why };
    return found.elements.length === 0 ? { kind: "absent" } : reading(found);
  },

  write(text, file, path, value) {
    const found = locate(text, file, path);
    if ("why" in found) throw noPlace(file, path, found.why, "Leave it out.");
    const { doc, leaf, elements } = found;
    if (value === null || same(value, [])) return cut(text, elements);
    if (elements.length === 0) return inserted(doc, path, printed(leaf, value));
    return same(said(leaf, elements), value) ? text : rewritten(doc, elements, printed(leaf, value));
  },

  restore(text, file, path, raw) {
    const found = locate(text, file, path);
    if ("why" in found) return text;
    const { doc, elements } = found;
    if (raw === undefined) return elements.length > 0 ? withoutOurs(doc, elements) : text;
    if (elements.length === 0) return insertedAt(doc, path.split("/"), () => [raw], true);
    const { start, end } = span(elements);
    return text.slice(0, start) + raw + text.slice(end);
  },
};

/** Can this be the recorded value of the leaf at that path, and `raw` its source? */
export function hvTakes(path: string, value: FieldValue, raw?: string): boolean {
  const leaf = HV_LEAVES.get(path);
  if (!leaf) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const fits = {
    boolean: typeof value === "boolean" || typeof value === "string",
    text: typeof value === "string",
    list: Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string"),
  };
  return fits[leaf.kind] && (raw === undefined || holdsOnly(raw, name, leaf.kind === "list"));
}

interface Found {
  doc: XmlDoc;
  leaf: HvLeaf;
  elements: readonly XmlElement[];
}

function locate(text: string, file: string, path: string): Found | { why: string } {
  const leaf = HV_LEAVES.get(path);
  if (!leaf) throw new Error(`no field of hv: ${path}`);
  const { doc, dialect } = openScenario(text, file);
  if (leaf.only !== undefined && leaf.only !== dialect) return { why: leaf.why ?? "" };
  const [, above, name] = /^(.*)\/(.*)$/.exec(path) as unknown as [string, string, string];
  const parent = find(doc.root, above);
  const elements = parent ? childrenNamed(parent, name) : [];
  if (leaf.kind !== "list") return { doc, leaf, elements: elements.slice(0, 1) };
  return parent && !together(parent, elements)
    ? { why: `other elements stand between its <${name}>: put these in a row` }
    : { doc, leaf, elements };
}

function together(parent: XmlElement, elements: readonly XmlElement[]): boolean {
  const first = elements[0] ? parent.children.indexOf(elements[0]) : 0;
  return elements.every((each, at) => parent.children[first + at] === each);
}

/** Comments between the elements of a list are part of its source. */
function reading({ doc, leaf, elements }: Found): Reading {
  const { start, end } = span(elements);
  return { kind: "value", value: said(leaf, elements), raw: doc.text.slice(start, end) };
}

function span(elements: readonly XmlElement[]): { start: number; end: number } {
  return { start: (elements[0] as XmlElement).start, end: (elements.at(-1) as XmlElement).end };
}

/** A text that is no value of ACRN's stays as it is: it is somebody's, and no reason not to read the rest. */
function said(leaf: HvLeaf, elements: readonly XmlElement[]): FieldValue {
  const texts = elements.map(({ value }) => trimSpace(value));
  if (leaf.kind === "list") return texts;
  const [text] = texts as [string];
  if (leaf.kind === "text") return text;
  return text === "" ? (leaf.fallback ?? text) : text === "y" ? true : text === "n" ? false : text;
}

function printed(leaf: HvLeaf, value: FieldValue): string[] {
  if (leaf.kind === "list") return (value as string[]).map(String);
  return [typeof value === "boolean" ? (value ? "y" : "n") : String(value)];
}

function inserted(doc: XmlDoc, path: string, texts: readonly string[]): string {
  const names = path.split("/");
  const name = names.at(-1) as string;
  return insertedAt(doc, names, (style, eol) => texts.map((text) => render({ name, text }, style, eol)));
}

/** Elements keep their places; what is more goes right behind the last, so that a remark there stays outside. */
function rewritten(doc: XmlDoc, elements: readonly XmlElement[], texts: readonly string[]): string {
  const last = elements.at(-1) as XmlElement;
  const gap = lastLine(gapBefore(doc, last).text);
  const more = texts.slice(elements.length).map((text) => gap + render({ name: last.name, text }, undefined, "\n"));
  const edits = elements.slice(0, texts.length).flatMap((each, at) => setText(doc, each, texts[at] as string));
  const kept = elements[texts.length - 1] ?? last;
  return applyEdits(doc.text, [...edits, { start: kept.end, end: last.end, text: more.join("") }]);
}

/** Without the elements and what stands between them, which is part of their recorded source. */
function cut(text: string, elements: readonly XmlElement[]): string {
  if (elements.length === 0) return text;
  const { start, end } = span(elements);
  return withoutSpaceAtEnd(text.slice(0, start)) + text.slice(end);
}

/** One element of that name and nothing else; for a list, a row of them. */
function holdsOnly(raw: string, name: string, list: boolean): boolean {
  try {
    const { root } = parseXml(`<list>${raw}</list>`, "the recorded source");
    const { children } = root;
    const edges = root.nodes[0] === children[0] && root.nodes.at(-1) === children.at(-1);
    return edges && children.length >= 1 && (list || root.nodes.length === 1) && children.every((c) => c.name === name);
  } catch (error) {
    if (error instanceof AcrnError) return false;
    throw error;
  }
}
