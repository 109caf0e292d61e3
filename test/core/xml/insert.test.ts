import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { applyEdits } from "../../../provider/core/text/edits";
import {
  insertChild,
  insertRaw,
  removeElement,
  replaceElement,
  type XmlSpec,
  type XmlWhere,
} from "../../../provider/core/xml";
import { address, all, apply, at, byAddress, comments, documents, parse } from "./support";

const N: XmlSpec = { name: "n", text: "1" };
const DEEP: XmlSpec = {
  name: "n",
  children: [
    { name: "p", attributes: { k: 'a"<\n' } },
    { name: "q", children: [N] },
  ],
};

type Where = (doc: ReturnType<typeof parse>) => XmlWhere;
const inFrontOf =
  (path: string): Where =>
  (doc) => ({ before: at(doc, path) });
const behind =
  (path: string): Where =>
  (doc) => ({ after: at(doc, path) });
const last: Where = () => "last";

describe("insertChild", () => {
  // title, before, parent, where, spec, after
  const rows: [string, string, string, Where, XmlSpec, string][] = [
    ["last of lines", "<r>\n  <a/>\n</r>\n", "", last, N, "<r>\n  <a/>\n  <n>1</n>\n</r>\n"],
    ["after", "<r>\n  <a/>\n  <b/>\n</r>", "", behind("a"), N, "<r>\n  <a/>\n  <n>1</n>\n  <b/>\n</r>"],
    ["before the first", "<r>\n  <a/>\n</r>", "", inFrontOf("a"), N, "<r>\n  <n>1</n>\n  <a/>\n</r>"],
    [
      "CRLF",
      "<r>\r\n  <a/>\r\n</r>",
      "",
      last,
      DEEP,
      '<r>\r\n  <a/>\r\n  <n>\r\n    <p k="a&quot;&lt;&#10;"/>\r\n    <q>\r\n      <n>1</n>\r\n    </q>\r\n  </n>\r\n</r>',
    ],
    ["lone CR", "<r>\r <a/>\r</r>", "", inFrontOf("a"), N, "<r>\r <n>1</n>\r <a/>\r</r>"],
    [
      "the line end around, in a mixed file",
      "<r>\n <a/>\r\n <b/>\r\n</r>\n",
      "",
      behind("a"),
      N,
      "<r>\n <a/>\r\n <n>1</n>\r\n <b/>\r\n</r>\n",
    ],
    [
      "tabs",
      "<r>\n\t<a>\n\t\t<b/>\n\t</a>\n</r>",
      "a",
      last,
      DEEP,
      '<r>\n\t<a>\n\t\t<b/>\n\t\t<n>\n\t\t\t<p k="a&quot;&lt;&#10;"/>\n\t\t\t<q>\n\t\t\t\t<n>1</n>\n\t\t\t</q>\n\t\t</n>\n\t</a>\n</r>',
    ],
    ["BOM", "\ufeff<r>\n <a/>\n</r>", "", last, N, "\ufeff<r>\n <a/>\n <n>1</n>\n</r>"],
    ["BOM and an empty root", "\ufeff<r/>\n", "", last, N, "\ufeff<r>\n  <n>1</n>\n</r>\n"],
    ["one line", "<r><a/></r>", "", last, DEEP, '<r><a/><n><p k="a&quot;&lt;&#10;"/><q><n>1</n></q></n></r>'],
    ["one line with gaps", "<r> <a/> <b/> </r>", "", last, N, "<r> <a/> <b/> <n>1</n> </r>"],
    ["one line with gaps, after", "<r><a/> <b/> <c/></r>", "", behind("b"), N, "<r><a/> <b/> <n>1</n> <c/></r>"],
    ["one line with gaps, before", "<r><a/> <b/></r>", "", inFrontOf("b"), N, "<r><a/> <n>1</n> <b/></r>"],
    ["one line within a file of lines", "<r>\n  <x><a/></x>\n</r>", "x", last, N, "<r>\n  <x><a/><n>1</n></x>\n</r>"],
    ["opens a closed parent", "<r>\n    <x/>\n</r>", "x", last, N, "<r>\n    <x>\n        <n>1</n>\n    </x>\n</r>"],
    [
      "opens a closed parent with attributes",
      `<r>\n <x a='/' />\n</r>`,
      "x",
      last,
      N,
      `<r>\n <x a='/'>\n  <n>1</n>\n </x>\n</r>`,
    ],
    ["opens a closed parent on one line", "<r><x/></r>", "x", last, N, "<r><x><n>1</n></x></r>"],
    ["fills an empty parent", "<r>\n <x></x>\n</r>", "x", last, N, "<r>\n <x>\n  <n>1</n>\n </x>\n</r>"],
    ["fills a parent of two lines", "<r>\n <x>\n </x>\n</r>", "x", last, N, "<r>\n <x>\n  <n>1</n>\n </x>\n</r>"],
    ["fills a parent of blanks", "<r>\n <x>   </x>\n</r>", "x", last, N, "<r>\n <x>\n  <n>1</n>\n </x>\n</r>"],
    [
      "steps as siblings do",
      "<r>\n  <y>\n      <z/>\n  </y>\n  <x/>\n</r>",
      "x",
      last,
      N,
      "<r>\n  <y>\n      <z/>\n  </y>\n  <x>\n      <n>1</n>\n  </x>\n</r>",
    ],
    [
      "steps as its own children do",
      "<r>\n <x>\n     <z/>\n </x>\n</r>",
      "x",
      behind("x/z"),
      { name: "n", children: [N] },
      "<r>\n <x>\n     <z/>\n     <n>\n         <n>1</n>\n     </n>\n </x>\n</r>",
    ],
    [
      "leaves a comment with the line it is on",
      "<r>\n <a/> <!-- of a -->\n <b/>\n</r>",
      "",
      behind("a"),
      N,
      "<r>\n <a/> <!-- of a -->\n <n>1</n>\n <b/>\n</r>",
    ],
    [
      "leaves a comment of two lines with the line it begins on",
      "<r>\n <a/> <!-- of\n a -->\n <b/>\n</r>",
      "",
      behind("a"),
      N,
      "<r>\n <a/> <!-- of\n a -->\n <n>1</n>\n <b/>\n</r>",
    ],
    ["after, before an end tag on the line", "<r>\n <a/></r>", "", behind("a"), N, "<r>\n <a/>\n <n>1</n></r>"],
    [
      "goes behind a last comment",
      "<r>\n <a/>\n <!-- end -->\n</r>",
      "",
      last,
      N,
      "<r>\n <a/>\n <!-- end -->\n <n>1</n>\n</r>",
    ],
    [
      "goes behind the only comment",
      "<r>\n  <!-- none -->\n</r>",
      "",
      last,
      N,
      "<r>\n  <!-- none -->\n  <n>1</n>\n</r>",
    ],
    [
      "leaves trailing blanks where they are",
      "<r>\n <a/>  \n</r>",
      "",
      behind("a"),
      N,
      "<r>\n <a/>  \n <n>1</n>\n</r>",
    ],
    ["an end tag on the line of the last child", "<r>\n <a/></r>", "", last, N, "<r>\n <a/>\n <n>1</n></r>"],
    ["two elements on a line", "<r>\n <a/> <b/>\n</r>", "", behind("a"), N, "<r>\n <a/><n>1</n> <b/>\n</r>"],
    ["an empty spec", "<r><a/></r>", "", last, { name: "n" }, "<r><a/><n/></r>"],
    ["a spec without children", "<r><a/></r>", "", last, { name: "n", children: [] }, "<r><a/><n/></r>"],
  ];
  for (const [title, source, parent, where, spec, wanted] of rows)
    it(title, () => {
      const doc = parse(source);
      const edits = insertChild(doc, at(doc, parent), spec, where(doc));
      assert.equal(applyEdits(source, edits), wanted);
    });

  it("takes attributes of any name", () => {
    const doc = parse("<r/>");
    const attributes = JSON.parse('{"__proto__":"1","constructor":"2"}');
    const next = applyEdits(doc.text, insertChild(doc, doc.root, { name: "n", attributes }, "last"));
    assert.equal(next, '<r><n __proto__="1" constructor="2"/></r>');
  });

  for (const name of ["", "a b", "1a", "-a", "a>", "a\n", "<a", "a/", "\ud800"])
    it(`refuses the name ${JSON.stringify(name)}`, () => {
      const doc = parse("<r/>");
      assert.throws(() => insertChild(doc, doc.root, { name }, "last"), { code: "xml.name" });
      assert.throws(() => insertChild(doc, doc.root, { name: "n", attributes: { [name]: "" } }, "last"), {
        code: "xml.name",
      });
    });

  it("refuses characters that XML cannot hold", () => {
    const doc = parse("<r/>");
    assert.throws(() => insertChild(doc, doc.root, { name: "n", text: "\b" }, "last"), { code: "xml.character" });
    assert.throws(() => insertChild(doc, doc.root, { name: "n", attributes: { a: "\0" } }, "last"), {
      code: "xml.character",
    });
  });

  it("notices an anchor that is no child", () => {
    const doc = parse("<r><a><b/></a></r>");
    assert.throws(() => insertChild(doc, doc.root, N, { after: at(doc, "a/b") }), /no child/);
  });
});

describe("insertRaw and replaceElement", () => {
  it("take source as it is", () => {
    const doc = parse("<r>\n  <a/>\n</r>");
    const raw = "<n  k='1'>\r\n\t<!-- x --></n >";
    const next = apply(doc, insertRaw(doc, doc.root, raw, "last"));
    assert.equal(next.text, `<r>\n  <a/>\n  ${raw}\n</r>`);
    assert.equal(applyEdits(next.text, replaceElement(next, at(next, "n"), "<m/>")), "<r>\n  <a/>\n  <m/>\n</r>");
  });

  it("write a spec in the habit of the place", () => {
    const doc = parse("<r>\r\n\t<a>\r\n\t\t<b/>\r\n\t</a>\r\n</r>");
    const next = applyEdits(doc.text, replaceElement(doc, at(doc, "a"), { name: "n", children: [N] }));
    assert.equal(next, "<r>\r\n\t<n>\r\n\t\t<n>1</n>\r\n\t</n>\r\n</r>");
  });

  it("replace the root", () => {
    const doc = parse("\ufeff<r/>\n<!-- end -->");
    assert.equal(applyEdits(doc.text, replaceElement(doc, doc.root, "<q/>")), "\ufeff<q/>\n<!-- end -->");
  });

  it("do nothing for the same", () => {
    const doc = parse("<r><a/></r>");
    assert.deepEqual(replaceElement(doc, at(doc, "a"), "<a/>"), []);
  });

  for (const raw of ["", "x", "<a>", "<a/><b/>", " <a/>", "<a/>\n", "<!-- c --><a/>", "\ufeff<a/>", "<a>&x;</a>"])
    it(`refuse ${JSON.stringify(raw)}`, () => {
      const doc = parse("<r><a/></r>");
      assert.throws(() => insertRaw(doc, doc.root, raw, "last"), AcrnError);
      assert.throws(() => replaceElement(doc, at(doc, "a"), raw), AcrnError);
    });
});

describe("insertChild: laws over generated documents", () => {
  it("what is written is what is read", () => {
    const special = fc.constantFrom(
      "<",
      ">",
      "&",
      '"',
      "'",
      "\t",
      "\n",
      "\r",
      "\r\n",
      "]]>",
      "&amp;",
      "😀",
      "\u0085",
      " ",
      "x",
    );
    const value = fc.array(special, { maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(value, value, fc.constantFrom("<r/>", "<r>\r\n <a/>\r\n</r>"), (text, k, source) => {
        const doc = parse(source);
        const next = apply(doc, insertChild(doc, doc.root, { name: "n", text, attributes: { k } }, "last"));
        assert.equal(at(next, "n").value, text);
        assert.deepEqual([...at(next, "n").attributes], [["k", k]]);
      }),
    );
  });

  it("adds that element and nothing else; removing it gives the same bytes", () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), fc.constantFrom(N, DEEP), (text, pick, side, spec) => {
        const doc = parse(text);
        const elements = all(doc);
        const parent = elements[pick % elements.length] ?? doc.root;
        const anchor = parent.children[side % (parent.children.length || 1)];
        const where: XmlWhere =
          !anchor || side % 3 === 0 ? "last" : side % 3 === 1 ? { before: anchor } : { after: anchor };
        const index =
          where === "last" || !anchor ? parent.children.length : parent.children.indexOf(anchor) + (side % 3) - 1;
        const next = apply(doc, insertChild(doc, parent, spec, where));
        const made = byAddress(next, [...address(parent), index]);
        assert.equal(made.name, "n");
        assert.equal(all(next).length, elements.length + (spec === N ? 1 : 4));
        assert.deepEqual(comments(next.nodes), comments(doc.nodes));
        const back = applyEdits(next.text, removeElement(next, made).edits);
        if (parent.nodes.some((node) => node.kind !== "text")) assert.equal(back, text);
        else assert.equal(all(parse(back)).length, elements.length);
      }),
      { numRuns: 1000 },
    );
  });
});
