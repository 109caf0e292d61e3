import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits } from "../../../provider/core/text/edits";
import { type Removed, removeElement, restoreRemoved } from "../../../provider/core/xml";
import { address, all, apply, at, byAddress, comments, documents, parse } from "./support";

describe("removeElement", () => {
  const rows: [string, string, string][] = [
    ["its line", "<r>\n  <a/>\n  <x/>\n  <b/>\n</r>", "<r>\n  <a/>\n  <b/>\n</r>"],
    ["its lines", "<r>\r\n\t<x>\r\n\t\t<y/>\r\n\t</x> \r\n</r>", "<r>\r\n</r>"],
    ["the last line", "<r>\n  <a/>\n  <x/>\n</r>", "<r>\n  <a/>\n</r>"],
    ["not blank lines", "<r>\n\n  <x/>\n\n</r>", "<r>\n\n\n</r>"],
    ["not comments above", "<r>\n <!-- x -->\n <x/>\n</r>", "<r>\n <!-- x -->\n</r>"],
    ["not comments beside", "<r>\n <x/> <!-- x -->\n</r>", "<r>\n  <!-- x -->\n</r>"],
    ["within a line", "<r><a/><x/><b/></r>", "<r><a/><b/></r>"],
    ["within a line, with the gap before", "<r><a/> <x/> <b/></r>", "<r><a/> <b/></r>"],
    ["within a line, first", "<r> <x/> <b/></r>", "<r>  <b/></r>"],
    ["before an end tag", "<r>\n <a/>\n <x/></r>", "<r>\n <a/></r>"],
    ["at the start of a line that goes on", "<r>\n <x/><b/>\n</r>", "<r>\n <b/>\n</r>"],
    ["behind a BOM", "\ufeff<r>\n<x/>\n</r>", "\ufeff<r>\n</r>"],
    ["text beside it stays", "<r>a<x/>b</r>", "<r>ab</r>"],
  ];
  for (const [title, source, wanted] of rows)
    it(title, () => {
      const doc = parse(source);
      const { edits, removed } = removeElement(doc, at(doc, "x"));
      const next = apply(doc, edits);
      assert.equal(next.text, wanted);
      assert.equal(applyEdits(wanted, restoreRemoved(next, next.root, removed)), source);
    });

  it("refuses the root", () => {
    const doc = parse("<r/>");
    assert.throws(() => removeElement(doc, doc.root), { code: "xml.edit" });
  });
});

describe("restoreRemoved, when others edited meanwhile", () => {
  const source = "<r>\n  <a/>\n\n  <!-- x -->\n  <x>1</x>\n  <b/>\n</r>\n";
  const doc = parse(source);
  const removed: Removed = JSON.parse(JSON.stringify(removeElement(doc, at(doc, "x")).removed));

  const rows: [string, string, string][] = [
    [
      "elsewhere",
      "<r>\n  <a>9</a>\n\n  <!-- x -->\n  <b><c/></b>\n</r>\n",
      "<r>\n  <a>9</a>\n\n  <!-- x -->\n  <x>1</x>\n  <b><c/></b>\n</r>\n",
    ],
    [
      "behind the place",
      "<r>\n  <a/>\n\n  <!-- x -->\n\n  <!-- b -->\n  <b/>\n</r>\n",
      "<r>\n  <a/>\n\n  <!-- x -->\n  <x>1</x>\n\n  <!-- b -->\n  <b/>\n</r>\n",
    ],
    [
      "before the place",
      "<r>\n  <a/>\n  <!-- y -->\n  <b/>\n</r>\n",
      "<r>\n  <a/>\n  <!-- y -->\n  <x>1</x>\n  <b/>\n</r>\n",
    ],
    ["the next was removed", "<r>\n  <a/>\n\n  <!-- x -->\n</r>\n", "<r>\n  <a/>\n\n  <!-- x -->\n  <x>1</x>\n</r>\n"],
    ["all was removed", "<r>\n</r>\n", "<r>\n  <x>1</x>\n</r>\n"],
    ["the parent was closed", "<r/>\n", "<r>\n  <x>1</x>\n</r>\n"],
    ["all went to one line", "<r><a/><b/></r>", "<r><a/><x>1</x><b/></r>"],
    ["line ends changed", "<r>\r\n  <a/>\r\n  <b/>\r\n</r>\r\n", "<r>\r\n  <a/>\r\n  <x>1</x>\r\n  <b/>\r\n</r>\r\n"],
  ];
  for (const [title, now, wanted] of rows)
    it(title, () => {
      const next = parse(now);
      assert.equal(applyEdits(now, restoreRemoved(next, next.root, removed)), wanted);
    });

  it("stays before the comment that followed it", () => {
    const doc = parse("<r>\n  <a/>\n  <x/>\n  <!-- b -->\n  <b/>\n</r>");
    const { removed } = removeElement(doc, at(doc, "x"));
    const next = parse("<r>\n  <a/><!-- y -->\n  <!-- b -->\n  <b/>\n</r>");
    const wanted = "<r>\n  <a/><!-- y -->\n  <x/>\n  <!-- b -->\n  <b/>\n</r>";
    assert.equal(applyEdits(next.text, restoreRemoved(next, next.root, removed)), wanted);
  });

  it("takes another index", () => {
    const next = parse("<r>\n  <n/>\n  <a/>\n\n  <!-- x -->\n  <b/>\n</r>\n");
    const wanted = "<r>\n  <n/>\n  <a/>\n\n  <!-- x -->\n  <x>1</x>\n  <b/>\n</r>\n";
    assert.equal(applyEdits(next.text, restoreRemoved(next, next.root, removed, 2)), wanted);
  });

  it("refuses a record that is no element", () => {
    assert.throws(() => restoreRemoved(doc, doc.root, { ...removed, raw: "<x>" }), { code: "xml.syntax" });
  });
});

describe("removeElement: laws over generated documents", () => {
  it("takes one element, leaves comments, and restoreRemoved gives the same bytes", () => {
    fc.assert(
      fc.property(documents, fc.nat(), (text, pick) => {
        const doc = parse(text);
        const elements = all(doc).slice(1);
        const element = elements[pick % (elements.length || 1)];
        if (!element?.parent) return;
        const { edits, removed } = removeElement(doc, element);
        const next = apply(doc, edits);
        assert.equal(all(next).length, all(doc).length - 1 - all({ ...doc, root: element }).slice(1).length);
        const own = comments([element]);
        assert.equal(comments(next.nodes).length, comments(doc.nodes).length - own.length);
        const parent = byAddress(next, address(element.parent));
        assert.equal(applyEdits(next.text, restoreRemoved(next, parent, JSON.parse(JSON.stringify(removed)))), text);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes several in one go and puts them back one by one, the last first", () => {
    fc.assert(
      fc.property(documents, (text) => {
        const taken: Removed[] = [];
        let doc = parse(text);
        for (let first = doc.root.children[0]; first; first = doc.root.children[0]) {
          const { edits, removed } = removeElement(doc, first);
          taken.push(removed);
          doc = apply(doc, edits);
        }
        for (const removed of taken.reverse()) doc = apply(doc, restoreRemoved(doc, doc.root, removed));
        assert.equal(doc.text, text);
      }),
      { numRuns: 300 },
    );
  });
});
