import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { child, childrenNamed, descendantsNamed, lineOf, parseXml, placeOf, rawOf } from "../../../provider/core/xml";
import { all, at, parse } from "./support";

describe("parseXml: positions", () => {
  const layouts: [string, string][] = [
    ["LF", '<r>\n <a k="1">x</a>\n <b/>\n</r>\n'],
    ["CRLF", '<r>\r\n <a k="1">x</a>\r\n <b/>\r\n</r>\r\n'],
    ["lone CR", '<r>\r <a k="1">x</a>\r <b/>\r</r>'],
    ["mixed line ends and BOM", '\ufeff<r>\r\n\r <a k="1">x</a>\n\r\n <b/></r>'],
    ["surrogate pairs before, inside and at the end", '<!-- 😀 --><r>😀<a k="1">x</a>😀<b/></r>'],
    ["all at once", '\ufeff<!-- 😀\r\n--><r>\r\n😀<a k="1">x</a>\r😀<b/>\r\n</r>'],
  ];
  for (const [title, text] of layouts)
    it(title, () => {
      const doc = parse(text);
      assert.equal(rawOf(doc, at(doc, "a")), '<a k="1">x</a>');
      assert.equal(rawOf(doc, at(doc, "b")), "<b/>");
      assert.equal(rawOf(doc, doc.root), text.slice(text.indexOf("<r>"), text.indexOf("</r>") + 4));
      assert.equal(doc.text.slice(at(doc, "a").contentStart, at(doc, "a").contentEnd), "x");
    });

  it("finds the content behind attributes that hold > and /", () => {
    const doc = parse(`<r a=">" b='/>'><x y="'/>'" /></r >`);
    assert.equal(doc.text.slice(doc.root.contentStart, doc.root.contentEnd), `<x y="'/>'" />`);
    const x = at(doc, "x");
    assert.deepEqual([x.selfClosing, x.contentStart, x.contentEnd], [true, x.end, x.end]);
  });

  it("tells <x></x> from <x/>", () => {
    const x = at(parse("<r><x></x></r>"), "x");
    assert.deepEqual([x.selfClosing, x.contentStart, x.contentEnd], [false, 6, 6]);
  });

  it("counts lines at LF, CRLF and CR", () => {
    const doc = parse("<r>\n<a/>\r\n<b/>\r<c/></r>");
    assert.deepEqual(
      doc.root.children.map((each) => lineOf(doc, each)),
      [2, 3, 4],
    );
    assert.deepEqual(placeOf(doc, at(doc, "c")), { file: "t.xml", line: 4, column: 1, excerpt: "  <c/></r>\n  ^" });
  });
});

describe("parseXml: what it reads", () => {
  it("decodes references, CDATA and line ends", () => {
    const doc = parse(`<r q='&quot;&apos;&#65;&#x42;\t&lt;'>a\r\nb\rc&amp;&#13;<![CDATA[<&amp;>]]> </r>`);
    assert.equal(doc.root.value, "a\nb\nc&\r<&amp;> ");
    assert.deepEqual([...doc.root.attributes], [["q", `"'AB <`]]);
  });

  it("keeps comments and instructions apart from elements and text", () => {
    const doc = parse("<!-- top --><r>a<!-- in --><x/><?do it?>b</r>");
    assert.equal(doc.root.value, "ab");
    assert.deepEqual(
      doc.root.nodes.map((node) => [node.kind, doc.text.slice(node.start, node.end)]),
      [
        ["text", "a"],
        ["comment", "<!-- in -->"],
        ["element", "<x/>"],
        ["instruction", "<?do it?>"],
        ["text", "b"],
      ],
    );
    assert.deepEqual(
      doc.nodes.map((node) => node.kind),
      ["comment", "element"],
    );
  });

  it("walks by name", () => {
    const doc = parse("<r><vm><vm/></vm><hv/><vm/></r>");
    assert.equal(child(doc.root, "vm"), doc.root.children[0]);
    assert.equal(child(doc.root, "nope"), undefined);
    assert.deepEqual(childrenNamed(doc.root, "vm"), [doc.root.children[0], doc.root.children[2]]);
    assert.equal(descendantsNamed(doc.root, "vm").length, 3);
    assert.equal(child(doc.root, "vm")?.parent, doc.root);
    assert.equal(doc.root.parent, undefined);
  });

  it("takes any name without touching prototypes", () => {
    const doc = parse('<__proto__ __proto__="1" constructor="2"><toString hasOwnProperty="3"/></__proto__>');
    assert.deepEqual(
      all(doc).flatMap((each) => [each.name, ...each.attributes]),
      ["__proto__", ["__proto__", "1"], ["constructor", "2"], "toString", ["hasOwnProperty", "3"]],
    );
    assert.equal(({} as Record<string, unknown>)["1"], undefined);
    assert.equal(Object.keys(Object.prototype).length, 0);
  });
});

describe("parseXml: what is not well-formed", () => {
  // text, line, column, excerpt (two lines), a word of the message
  const rows: [string, number, number, string, RegExp][] = [
    ["<a><b></a>", 1, 7, "  <a><b></a>\n        ^", /end tag.*b/],
    ["<a>\n\t<b></a>", 2, 5, "   <b></a>\n      ^", /end tag.*b/],
    ["<a>\r\n<b>\r\n</a>", 3, 1, "  </a>\n  ^", /end tag.*b/],
    ["<a>\r<b>\r</a>", 3, 1, "  </a>\n  ^", /end tag.*b/],
    ["\ufeff<a><b></a>", 1, 7, "  <a><b></a>\n        ^", /end tag.*b/],
    ["\ufeff\r\n<a>&x;</a>", 2, 4, "  <a>&x;</a>\n     ^", /&x;/],
    ["<a>😀&x;</a>", 1, 5, "  <a>😀&x;</a>\n      ^", /&x;/],
    ["<a>\n😀😀<b></a>", 2, 6, "  😀😀<b></a>\n       ^", /end tag.*b/],
    ["<a>\r\n😀\r😀\n😀&x;</a>", 4, 2, "  😀&x;</a>\n   ^", /&x;/],
    ["<a>", 1, 4, "  <a>\n     ^", /end tag/],
    ["<a>\n <b/> \n", 2, 6, "   <b/> \n       ^", /end tag/],
    ["", 1, 1, "  \n  ^", /root element/],
    ["hv", 1, 1, "  hv\n  ^", /root element/],
    ["<a/><b/>", 1, 5, "  <a/><b/>\n      ^", /extra content/],
    ["<a b=1/>", 1, 6, "  <a b=1/>\n       ^", /attribute value/],
    ["<a b='1' b='2'/>", 1, 15, "  <a b='1' b='2'/>\n                ^", /duplicate attribute: b/],
    ["<a>x\u0001</a>", 1, 5, "  <a>x\\x01</a>\n      ^", /invalid character/],
    ["<a>\u001b[2J&</a>", 1, 4, "  <a>\\x1b[2J&</a>\n     ^", /invalid character/],
    ["<a><!-- -- --></a>", 1, 9, "  <a><!-- -- --></a>\n          ^", /--/],
    ["<a>]]></a>", 1, 4, "  <a>]]></a>\n     ^", /end tag|CDATA/],
    ["<a>&#65x;</a>", 1, 4, "  <a>&#65x;</a>\n     ^", /character reference/],
    [
      "<a>\r\n<!-- &#6z; --><![CDATA[&#6z;]]>&#x41zz;</a>",
      2,
      32,
      "  <!-- &#6z; --><![CDATA[&#6z;]]>&#x41zz;</a>\n                                 ^",
      /character reference/,
    ],
  ];
  for (const [text, line, column, excerpt, message] of rows)
    it(JSON.stringify(text), () => {
      assert.throws(
        () => parse(text),
        (error) => {
          assert(error instanceof AcrnError);
          assert.equal(error.code, "xml.syntax");
          assert.deepEqual(error.where, { file: "t.xml", line, column, excerpt });
          assert.match(error.summary, message);
          assert(error.hint);
          return true;
        },
      );
    });

  it("accepts odd references where they are no references", () => {
    assert.equal(parse("<a><!-- &#6z; --><?pi &#6z;?><![CDATA[&#6z;]]></a>").root.value, "&#6z;");
  });

  it("shows a window of a long line", () => {
    const error = caught(`<a>${"x".repeat(200)}&y;${"z".repeat(200)}</a>`);
    const [line = "", caret = ""] = error.where?.excerpt?.split("\n") ?? [];
    assert.equal(line, `  ...${"x".repeat(60)}&y;${"z".repeat(57)}...`);
    assert.equal(line[caret.indexOf("^")], "&");
  });

  it("says that NUL characters look like UTF-16", () => {
    assert.match(caught("<\0a\0/\0>\0").hint ?? "", /UTF-16/);
  });

  function caught(text: string): AcrnError {
    try {
      parseXml(text, "t.xml");
    } catch (error) {
      assert(error instanceof AcrnError);
      return error;
    }
    throw new Error("parsed");
  }
});
