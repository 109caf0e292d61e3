import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { visible } from "../../../provider/core/text/visible";
import { flatten, rawOf, sameFields } from "../../../provider/core/xml";
import { optional } from "../../support/needs";
import { all, DATA, documents, hasData, parse, readReal } from "./support";

/** Either a document whose positions are right, or an AcrnError with a place inside the text. */
function parsesOrSays(text: string): "parsed" | "refused" {
  try {
    const doc = parse(text);
    for (const element of all(doc)) {
      const raw = rawOf(doc, element);
      assert(raw.startsWith(`<${element.name}`) && raw.endsWith(">"));
      if (!element.selfClosing) assert(text.startsWith(`</${element.name}`, element.contentEnd));
      assert(element.contentStart <= element.contentEnd && text[element.contentStart - 1] === ">");
    }
    assert(sameFields(doc, doc) && flatten(doc).size > 0);
    return "parsed";
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    assert.match(error.code, /^xml\./);
    const { line = 0, column = 0, excerpt = "" } = error.where ?? {};
    const lines = text.replace(/^\ufeff/, "").split(/\r\n?|\n/);
    assert(line >= 1 && line <= lines.length && column >= 1 && column <= [...(lines[line - 1] ?? "")].length + 1);
    assert(/^ {2}[^\n]*\n {2} *\^$/.test(excerpt));
    for (const shown of error.message.split("\n")) assert.equal(visible(shown), shown);
    return "refused";
  }
}

const TOKENS = [
  ..."<>/&;\"'= \n\r\t!-[]?#x1a:",
  ..."<a>|</a>|<a/>|<b>|</b>|<a b='|c=\"1\"|<!--|-->|--|<![CDATA[|]]>|<?|?>|<?xml |<?xml version='1.0'?>|&amp;|&#|&#x|&#0;|x;".split(
    "|",
  ),
  ..."\ufeff|\u0000|\u001b|\ud83d|\ude00|😀|\ufffe|<!DOCTYPE a|<!ENTITY|<__proto__>|</__proto__>|constructor='|\r\n|\u0085|\u2028".split(
    "|",
  ),
];

describe("parseXml: hostile input", () => {
  it("token soup parses or is refused with a place", () => {
    const seen = new Set<string>();
    const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 }).map((tokens) => tokens.join(""));
    fc.assert(
      fc.property(soup, fc.boolean(), (text, wrap) => void seen.add(parsesOrSays(wrap ? `<a>${text}</a>` : text))),
      {
        numRuns: 5000,
      },
    );
    assert.equal(seen.size, 2, "the soup has to hold both kinds");
  });

  const splices = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.constantFrom("", ...TOKENS)), {
    minLength: 1,
    maxLength: 4,
  });
  const mutated = (text: string, changes: [number, number, string][]) =>
    changes.reduce((now, [at, length, by]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + by + now.slice(from + length);
    }, text);

  it("generated documents parse", () => {
    fc.assert(fc.property(documents, (text) => assert.equal(parsesOrSays(text), "parsed")));
  });

  it("mutations of generated documents parse or are refused with a place", () => {
    fc.assert(
      fc.property(documents, splices, (text, changes) => void parsesOrSays(mutated(text, changes))),
      { numRuns: 3000 },
    );
  });

  it("mutations of real files parse or are refused with a place", function () {
    optional(this, hasData, `no ${DATA}`);
    for (const name of ["v2.5/whl-ipc-i5/hybrid_rt.xml", "v3.4-dev/whl-ipc-i5/hybrid_rt.xml"]) {
      const text = readReal(name);
      fc.assert(
        fc.property(splices, (changes) => void parsesOrSays(mutated(text, changes))),
        { numRuns: 300 },
      );
    }
  });
});
