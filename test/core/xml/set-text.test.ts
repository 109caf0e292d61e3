import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { applyEdits } from "../../../provider/core/text/edits";
import { rawOf, replaceElement, setText, trimSpace } from "../../../provider/core/xml";
import { address, all, apply, at, byAddress, comments, documents, parse } from "./support";

describe("setText", () => {
  // before, value, after: the element is always x
  const rows: [string, string, string, string][] = [
    ["plain", "<r><x>1</x></r>", "2", "<r><x>2</x></r>"],
    ["keeps white space around", "<r><x>\r\n\t1 \r\n</x></r>", "22", "<r><x>\r\n\t22 \r\n</x></r>"],
    ["takes the white space of the value", "<r><x> 1 </x></r>", "2 ", "<r><x>2 </x></r>"],
    ["replaces mere white space", "<r><x>\n </x></r>", "2", "<r><x>2</x></r>"],
    ["empties all", "<r><x> 1 </x></r>", "", "<r><x></x></r>"],
    ["fills an empty element", "<r><x></x></r>", "2", "<r><x>2</x></r>"],
    ["opens a closed element", "<r><x/></r>", "2", "<r><x>2</x></r>"],
    ["opens a closed element with attributes", `<r><x a='>' b="/" /></r>`, "2", `<r><x a='>' b="/">2</x></r>`],
    ["escapes", "<r><x>1</x></r>", `<&>"'\r`, `<r><x>&lt;&amp;&gt;"'&#13;</x></r>`],
    ["follows the line ends of the file", "<r>\r\n<x>1</x>\r\n</r>", "2\n3", "<r>\r\n<x>2\r\n3</x>\r\n</r>"],
    ["replaces CDATA", "<r><x><![CDATA[1]]></x></r>", "2", "<r><x>2</x></r>"],
    ["leaves tags alone", `<r><x  a='1'\t>1</x\n></r>`, "2", `<r><x  a='1'\t>2</x\n></r>`],
    ["a name with $ patterns", "<r><x>1</x></r>", "$&$1$$", "<r><x>$&amp;$1$$</x></r>"],
    ["behind a BOM and pairs", "\ufeff<!-- 😀 --><r>😀<x>1</x></r>", "😀", "\ufeff<!-- 😀 --><r>😀<x>😀</x></r>"],
    ["does nothing for the same", "<r><x> &#49; </x></r>", "1", "<r><x> &#49; </x></r>"],
    ["does nothing for the same with its white space", "<r><x> 1</x></r>", " 1", "<r><x> 1</x></r>"],
    ["does nothing for the same in CDATA", "<r><x><![CDATA[<]]></x></r>", "<", "<r><x><![CDATA[<]]></x></r>"],
    ["does nothing for nothing", "<r><x/></r>", "", "<r><x/></r>"],
    ["takes no-break space as content", "<r><x>\u00a01</x></r>", "1", "<r><x>1</x></r>"],
  ];
  for (const [title, before, value, after] of rows)
    it(title, () => {
      const doc = parse(before);
      const edits = setText(doc, at(doc, "x"), value);
      assert.equal(applyEdits(before, edits), after);
      assert.equal(edits.length, before === after ? 0 : 1);
    });

  const refusals: [string, string, string, RegExp, number][] = [
    ["child elements", "<r>\n <x><y/></x></r>", "1", /<x> holds the element <y>/, 2],
    ["comments", "<r>\n <x>1<!-- why --></x></r>", "2", /a comment/, 2],
    ["instructions", "<r><x>1<?pi?></x></r>", "2", /an instruction/, 1],
  ];
  for (const [title, before, value, message, line] of refusals)
    it(`refuses to lose ${title}`, () => {
      const doc = parse(before);
      assert.throws(
        () => setText(doc, at(doc, "x"), value),
        (error) => {
          assert(error instanceof AcrnError);
          assert.deepEqual([error.code, error.where?.line], ["xml.edit", line]);
          assert.match(error.summary, message);
          return true;
        },
      );
    });

  for (const value of ["\0", "a\u001b", "\ud800", "\ufffe", "x\udc00y"])
    it(`refuses ${JSON.stringify(value)}`, () => {
      const doc = parse("<r><x/></r>");
      assert.throws(() => setText(doc, at(doc, "x"), value), { code: "xml.character" });
    });

  it("notices an element of another document", () => {
    const text = "<r><x/></r>";
    assert.throws(() => setText(parse(text), at(parse(text), "x"), "1"), /not an element of this/);
  });
});

describe("setText: laws over generated documents", () => {
  const value = fc.oneof(
    fc.constantFrom("", "a", " a ", "<&>", "\r\n", "\u00a0", "]]>", "&amp;", "😀"),
    fc
      .string({ unit: "grapheme", maxLength: 8 })
      .filter((text) => /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(text)),
  );
  const cases = fc.tuple(documents, fc.nat(), value);

  it("reads back, is then content, spares the rest, and the raw element takes it back", () => {
    fc.assert(
      fc.property(cases, ([text, pick, wanted]) => {
        const doc = parse(text);
        const leaves = all(doc).filter((each) => each.nodes.every(({ kind }) => kind === "text" || kind === "cdata"));
        const element = leaves[pick % leaves.length];
        if (!element) return;
        const next = apply(doc, setText(doc, element, wanted));
        const now = byAddress(next, address(element));
        assert(
          now.value === wanted ||
            trimSpace(now.value) === wanted ||
            (wanted === trimSpace(element.value) && next.text === text),
        );
        assert.deepEqual(setText(next, now, wanted), []);
        assert.deepEqual(comments(next.nodes), comments(doc.nodes));
        const tail = text.length - element.end;
        assert.equal(next.text.slice(0, element.start), text.slice(0, element.start));
        assert.equal(next.text.slice(next.text.length - tail), text.slice(text.length - tail));
        const back = replaceElement(next, now, rawOf(doc, element));
        assert.equal(applyEdits(next.text, back), text);
      }),
      { numRuns: 400 },
    );
  });

  it("a, b, a gives the same bytes where a is written plainly", () => {
    const plain = fc.constantFrom("a", "0xff", "a b", "&amp;&lt;&gt;", "x😀");
    const space = fc.constantFrom("", " ", "\n", "\r\n\t", "  ");
    fc.assert(
      fc.property(space, plain, space, value, (lead, core, tail, other) => {
        fc.pre(other !== "" && trimSpace(other) === other);
        const doc = parse(`<r><x>${lead}${core}${tail}</x></r>`);
        const next = apply(doc, setText(doc, at(doc, "x"), other));
        const old = trimSpace(at(doc, "x").value);
        assert.equal(applyEdits(next.text, setText(next, at(next, "x"), old)), doc.text);
      }),
    );
  });
});
