import assert from "node:assert/strict";
import fc from "fast-check";
import { visible } from "../../../provider/core/text/visible";

describe("visible", () => {
  const rows: [string, string][] = [
    ["plain ä 😀 \\ \t text", "plain ä 😀 \\ \t text"],
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
    ["\u009b2J", "\\x9b2J"],
    ["a\rb\n", "a\\rb\\n"],
    ["\0\b\u007f", "\\x00\\x08\\x7f"],
    ["\ufeffx", "\\ufeffx"],
    ["a\u202eb\u2066c\u200bd\u2028", "a\\u202eb\\u2066c\\u200bd\\u2028"],
    ["\ud800x\udc00", "\\ud800x\\udc00"],
    ["\u{e0041}", "\\u{e0041}"],
  ];
  for (const [text, shown] of rows) it(JSON.stringify(text), () => assert.equal(visible(text), shown));

  it("lets no control character through", () => {
    const bad = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert(!bad.test(visible(text).replaceAll("\t", "")));
        assert.equal(visible(visible(text)), visible(text));
      }),
      { numRuns: 2000 },
    );
  });
});
