import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { applyEdits, type TextEdit } from "../../../provider/core/text/edits";
import { find, parseXml, type XmlDoc, type XmlElement, type XmlNode } from "../../../provider/core/xml";

/** ACRN's own boards and scenarios, where they are at hand. */
export const DATA = "../shared/acrn-data";
export const hasData = existsSync(DATA);

/** Each text once: some names are copies of others. */
export function realFiles(): string[] {
  if (!hasData) return [];
  const names = readdirSync(DATA, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".xml"));
  return [...new Map(names.sort().map((name) => [readReal(name), name])).values()];
}

export function readReal(name: string): string {
  return readFileSync(join(DATA, name), "utf8");
}

export function parse(text: string): XmlDoc {
  return parseXml(text, "t.xml");
}

/** The element at a path, which has to be there. */
export function at(doc: XmlDoc, path: string): XmlElement {
  const element = find(doc.root, path);
  if (!element) throw new Error(`nothing at ${path}`);
  return element;
}

export function apply(doc: XmlDoc, edits: readonly TextEdit[]): XmlDoc {
  return parse(applyEdits(doc.text, edits));
}

/** Every element, the root first. */
export function all(doc: XmlDoc): XmlElement[] {
  const below = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(below)];
  return below(doc.root);
}

export function comments(nodes: readonly XmlNode[]): string[] {
  return nodes.flatMap((node) =>
    node.kind === "element" ? comments(node.nodes) : node.kind === "comment" ? [node.value] : [],
  );
}

/** A child index path, which survives edits elsewhere. */
export function address(element: XmlElement): number[] {
  const steps: number[] = [];
  for (let each = element; each.parent; each = each.parent) steps.unshift(each.parent.children.indexOf(each));
  return steps;
}

export function byAddress(doc: XmlDoc, steps: readonly number[]): XmlElement {
  let element = doc.root;
  for (const step of steps) {
    const next = element.children[step];
    if (!next) throw new Error("no such child");
    element = next;
  }
  return element;
}

const name = fc.constantFrom("a", "b", "vm", "pcpu", "x-y", "__proto__", "constructor", "ä");
const eol = fc.constantFrom("\n", "\r\n", "\r");
const chunk = fc.constantFrom("text", " y ", "&amp;", "&#13;", "&#x1F600;", "<![CDATA[<&>]]>", "😀", "\n", "\t7");
const attribute = fc.constantFrom("", ' id="1"', " k='a\"&lt;b'", '\n  w = "2"', ' x=">"', " ");
const comment = fc.constantFrom("<!-- note -->", "<!--\n two\n-->", "<!-- < & > -->", "<?pi x?>");

/** White space between two nodes: most often a line as files have it, sometimes anything. */
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("LINE") },
  { weight: 2, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom(" ", "  \n", "\n\n  ", "\t", "\n\t", " \n \n") },
);

interface Node {
  source(indent: string): string;
}

const { element } = fc.letrec<{ element: Node }>((tie) => ({
  element: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ name, attribute, chunks: fc.array(chunk, { maxLength: 3 }), closed: fc.boolean() }).map(leaf),
    fc
      .record({
        name,
        attribute,
        items: fc.array(
          fc.tuple(gap, fc.oneof({ weight: 4, arbitrary: tie("element") }, { weight: 1, arbitrary: comment })),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        tail: gap,
      })
      .map(branch),
  ),
}));

function leaf(made: { name: string; attribute: string; chunks: string[]; closed: boolean }): Node {
  const text = made.chunks.join("");
  const open = `<${made.name}${made.attribute}`;
  return { source: () => (made.closed && text === "" ? `${open}/>` : `${open}>${text}</${made.name}>`) };
}

function branch(made: { name: string; attribute: string; items: [string, Node | string][]; tail: string }): Node {
  const space = (chosen: string, indent: string) => (chosen === "LINE" ? `\n${indent}` : chosen);
  return {
    source(indent) {
      const inner = `${indent}  `;
      const items = made.items.map(
        ([before, item]) => space(before, inner) + (typeof item === "string" ? item : item.source(inner)),
      );
      return `<${made.name}${made.attribute}>${items.join("")}${space(made.tail, indent)}</${made.name}>`;
    },
  };
}

/** Well-formed documents in all sorts of layout: BOM, declaration, comments, CDATA, each kind of line ending. */
export const documents: fc.Arbitrary<string> = fc
  .record({
    element,
    eol,
    head: fc.constantFrom("", "\ufeff", '<?xml version="1.0"?>\n', "\ufeff<!-- top -->\n"),
    tail: fc.constantFrom("", "\n", "\n<!-- end -->\n"),
  })
  .map((made) => (made.head + made.element.source("") + made.tail).replaceAll("\n", made.eol));
