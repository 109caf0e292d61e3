import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { LIMITS } from "../../../provider/core/xml";
import { optional } from "../../support/needs";
import { all, DATA, hasData, parse, readReal } from "./support";

const nested = (levels: number) => `${"<a>".repeat(levels - 1)}<b/>${"</a>".repeat(levels - 1)}`;
const wide = (elements: number) => `<r>${"<a/>".repeat(elements - 1)}</r>`;

describe("parseXml: limits", () => {
  const rows: [string, string, string, number, number][] = [
    ["size", `<a>${" ".repeat(LIMITS.chars)}</a>`, "xml.size", 1, 1],
    ["depth", `\n${nested(LIMITS.depth + 1)}`, "xml.limit", 2, 3 * LIMITS.depth + 1],
    ["depth of millions", "<a>".repeat(1_000_000), "xml.limit", 1, 3 * LIMITS.depth + 1],
    ["elements", wide(LIMITS.elements + 1), "xml.limit", 1, 4 * (LIMITS.elements - 1) + 4],
    ["DOCTYPE", '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY e "x">]>\n<r>&e;</r>', "xml.doctype", 2, 1],
    ["doctype in any case", "<!doctype r><r/>", "xml.doctype", 1, 1],
    ["high surrogate alone", "<r>\r\n a\ud83d</r>", "xml.surrogate", 2, 3],
    ["low surrogate alone", "<r>😀\ude00</r>", "xml.surrogate", 1, 5],
    ["another encoding", '<?xml version="1.0" encoding="ISO-8859-1"?>\n<r>é</r>', "xml.encoding", 2, 4],
  ];
  for (const [title, text, code, line, column] of rows)
    it(`refuses ${title}`, () => {
      assert.throws(
        () => parse(text),
        (error) => {
          assert(error instanceof AcrnError);
          assert.deepEqual([error.code, error.where?.line, error.where?.column], [code, line, column]);
          assert(error.hint && error.where?.file === "t.xml");
          return true;
        },
      );
    });

  const taken: [string, string][] = [
    ["the deepest document", nested(LIMITS.depth)],
    ["the widest document", wide(LIMITS.elements)],
    [
      "markup in comments and CDATA",
      `<r><!-- ${"<a>".repeat(99)}<!DOCTYPE --><![CDATA[${"<a>".repeat(99)}<!DOCTYPE]]></r>`,
    ],
    ["many neighbours", `<r>${"<a></a>".repeat(LIMITS.depth + 1)}</r>`],
    ["markup in attributes", `<r x="${"/>".repeat(99)}"/>`],
    ["UTF-8 by any spelling", '<?xml version="1.0" encoding="utf-8"?><r>é</r>'],
    ["another encoding that does not matter", '\ufeff<?xml version="1.0" encoding="US-ASCII"?><r>e</r>'],
  ];
  for (const [title, text] of taken) it(`accepts ${title}`, () => assert.equal(parse(text).text, text));

  /** Each took seconds or for ever with one parser or another. The bound is loose: the machine may be busy. */
  const hostile: [string, string][] = [
    ["many CRLF", `<a>${"\r\n".repeat(2_000_000)}</a>`],
    ["many references", `<a>${"&amp;".repeat(800_000)}</a>`],
    ["open quotes", `<a ${'b="<'.repeat(1_000_000)}`],
    ["open comments", `<a>${"<!--".repeat(1_000_000)}`],
    ["open CDATA", `<a>${"<![CDATA[".repeat(400_000)}`],
    ["many comments", `<a>${"<!---->".repeat(500_000)}</a>`],
    ["a long name", `<${"a".repeat(4_000_000)}`],
    ["odd references in CDATA", `<a>${"<![CDATA[&#z;]]>".repeat(200_000)}</a>`],
    ["many attributes", `<a ${Array.from({ length: 200_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`],
  ];
  for (const [title, text] of hostile)
    it(`is done soon with ${title}`, function () {
      this.timeout(15_000);
      try {
        assert.equal(parse(text).text, text);
      } catch (error) {
        assert(error instanceof AcrnError && error.where?.line, String(error));
      }
    });

  it("reads the largest board whole", function () {
    optional(this, hasData, `no ${DATA}`);
    assert.equal(all(parse(readReal("v3.4-dev/generic_board/generic_board.xml"))).length, 4278);
  });
});
