import { child, type Style, stepBelow, trimSpace, type XmlDoc, type XmlElement } from "../../xml";
import { behindRemark, gapBefore, lastLine } from "./gap";
import { HV_ORDER } from "./hv-leaves";
import { wrapIn } from "./list-text";
import { styleAt } from "./vm-place";

/** The elements of a field, as source, in the style of the place that they get. */
export type Source = (style: Style | undefined, eol: string) => readonly string[];

/**
 * The text with elements put in at a path below the root, with the parents that are missing. Existing parents that are
 * empty get a first write right behind their tag, parents that we make have white space there: by that `withoutOurs`
 * knows them. `back`: a source that was there before, laid out as it will have been.
 */
export function insertedAt(doc: XmlDoc, path: readonly string[], source: Source, back = false): string {
  const { parent, missing } = descend(doc.root, path);
  const order = HV_ORDER.get(path.slice(0, path.length - missing.length).join("/")) ?? [];
  const first = parent.children[0];
  const before = order.slice(0, Math.max(0, order.indexOf(missing[0] as string)));
  const anchor = parent.children.findLast(({ name }) => before.includes(name));
  if (!first) return intoEmpty(doc, parent, missing, source, back);
  const at = anchor ? behindRemark(doc, parent, anchor) : parent.contentStart;
  const gap = lastLine(gapBefore(doc, anchor ?? first).text);
  const style = styleAt(doc, gap, anchor ?? first);
  return doc.text.slice(0, at) + laidOut(missing, gap, style, source) + doc.text.slice(at);
}

/** The text without siblings that we had inserted, and without the parents that we had made for them. */
export function withoutOurs(doc: XmlDoc, elements: readonly XmlElement[]): string {
  let gone = elements;
  for (let made = madeFor(gone); made; made = madeFor(gone)) gone = [made];
  return gone.reduceRight((text, each) => text.slice(0, gapBefore(doc, each).start) + text.slice(each.end), doc.text);
}

/** Where the path ends in the file, and the names that lead on from there. */
function descend(root: XmlElement, path: readonly string[]): { parent: XmlElement; missing: readonly string[] } {
  let parent = root;
  for (const [at, name] of path.slice(0, -1).entries()) {
    const next = child(parent, name);
    if (!next) return { parent, missing: path.slice(at) };
    parent = next;
  }
  return { parent, missing: path.slice(-1) };
}

function intoEmpty(doc: XmlDoc, parent: XmlElement, missing: readonly string[], source: Source, back: boolean): string {
  const outer = lastLine(gapBefore(doc, parent).text);
  const near = styleAt(doc, outer, parent);
  const gap = near ? near.eol + near.indent + stepBelow(doc, parent) : "";
  const style = styleAt(doc, gap, parent);
  const inner = doc.text.slice(parent.contentStart, parent.contentEnd);
  const content = laidOut(missing, back ? gap : "", style, source) + inner;
  const whole = wrapIn(doc, parent, back && inner === "" ? content + outer : content);
  return doc.text.slice(0, parent.start) + whole + doc.text.slice(parent.end);
}

/** What is missing, each level of it with white space behind its tag, even in a file of one line. */
function laidOut(missing: readonly string[], gap: string, style: Style | undefined, source: Source): string {
  const [name, ...below] = missing as [string, ...string[]];
  if (below.length === 0)
    return source(style, style?.eol ?? "\n")
      .map((each) => gap + each)
      .join("");
  const inner = style && { ...style, indent: style.indent + style.step };
  const lead = inner ? inner.eol + inner.indent : " ";
  return `${gap}<${name}>${laidOut(below, lead, inner, source)}${style ? style.eol + style.indent : " "}</${name}>`;
}

/** The parent of elements that go, if it holds nothing else and was made for them. */
function madeFor(gone: readonly XmlElement[]): XmlElement | undefined {
  const parent = gone[0]?.parent;
  if (!parent?.parent || parent.name === "hv" || gone[0]?.start === parent.contentStart) return undefined;
  const rest = parent.nodes.some(
    (node) => !gone.includes(node as XmlElement) && (node.kind !== "text" || trimSpace(node.value) !== ""),
  );
  return rest ? undefined : parent;
}
