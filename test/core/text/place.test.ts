import assert from "node:assert/strict";
import fc from "fast-check";
import { lineIndex, lineStarts, offsetOfChar, placeAt } from "../../../provider/core/text/place";

describe("placeAt", () => {
  // text with | at the place, line, column, excerpt
  const rows: [string, number, number, string][] = [
    ["|", 1, 1, "  \n  ^"],
    ["ab|c", 1, 3, "  abc\n    ^"],
    ["a\n|b", 2, 1, "  b\n  ^"],
    ["a|\nb", 1, 2, "  a\n   ^"],
    ["a|\r\nb", 1, 2, "  a\n   ^"],
    ["a\r|\nb", 1, 3, "  a\n   ^"],
    ["a\r\n|b", 2, 1, "  b\n  ^"],
    ["a\r|b\rc", 2, 1, "  b\n  ^"],
    ["\r\r\n\n|", 4, 1, "  \n  ^"],
    ["\ufeffa|b", 1, 2, "  ab\n   ^"],
    ["\ufeff|", 1, 1, "  \n  ^"],
    ["😀|b", 1, 2, "  😀b\n   ^"],
    ["\t\ta|b", 1, 4, "    ab\n     ^"],
    ["\u001b[1ma|b", 1, 6, "  \\x1b[1mab\n          ^"],
    [
      `${"x".repeat(100)}|${"y".repeat(100)}`,
      1,
      101,
      `  ...${"x".repeat(60)}${"y".repeat(60)}...\n  ${" ".repeat(63)}^`,
    ],
    [
      `${"😀".repeat(100)}a|${"😀".repeat(100)}`,
      1,
      102,
      `  ...${"😀".repeat(29)}a${"😀".repeat(30)}...\n  ${" ".repeat(33)}^`,
    ],
  ];
  for (const [marked, line, column, excerpt] of rows)
    it(JSON.stringify(marked.slice(0, 30)), () => {
      const at = marked.indexOf("|");
      assert.deepEqual(placeAt(marked.replace("|", ""), at, "f"), { file: "f", line, column, excerpt });
    });

  it("stays within the text", () => {
    assert.deepEqual(placeAt("ab", 99, "f"), placeAt("ab", 2, "f"));
    assert.deepEqual(placeAt("ab", -1, "f"), placeAt("ab", 0, "f"));
  });

  it("agrees with counting", () => {
    const text = fc.array(fc.constantFrom("a", "\n", "\r\n", "\r", "😀")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.nat(), (all, pick) => {
        const at = pick % (all.length + 1);
        if (/[\ud800-\udbff]$|\r$/.test(all.slice(0, at))) return; // inside a pair or CRLF
        const lines = all.slice(0, at).split(/\r\n|\r|\n/);
        const place = placeAt(all, at, "f");
        assert.deepEqual([place.line, place.column], [lines.length, [...(lines.at(-1) ?? "")].length + 1]);
        assert.equal(offsetOfChar(all, [...all.slice(0, at)].length), at);
        assert.equal(lineIndex(lineStarts(all), at) + 1, lines.length);
      }),
    );
  });
});
