import assert from "node:assert/strict";
import { applyPatch } from "diff";
import fc from "fast-check";
import { unifiedDiff } from "../../../provider/core/text/unified";

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `l${from + i}`);
const text = (...parts: string[]) => `${parts.join("\n")}\n`;

describe("unifiedDiff", () => {
  // title, before, after, the diff below the header
  const rows: [string, string, string, string][] = [
    ["one line", "a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"],
    [
      "three lines around",
      text(...lines(1, 9)),
      text(...lines(1, 4), "new", ...lines(6, 9)),
      "@@ -2,7 +2,7 @@\n l2\n l3\n l4\n-l5\n+new\n l6\n l7\n l8\n",
    ],
    ["an insertion at the start", "a\n", "n\na\n", "@@ -1 +1,2 @@\n+n\n a\n"],
    ["all gone", "a\n", "", "@@ -1 +0,0 @@\n-a\n"],
    ["all new", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"],
    ["end of line lost", "a\nb\n", "a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"],
    ["end of line won", "b", "b\n", "@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+b\n"],
    ["no end of line on either side", "a\nb", "c\nb", "@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n"],
    ["CRLF kept in sight", "a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\\r\n-b\\r\n+c\\r\n"],
    ["only the line end changed", "a\r\n", "a\n", "@@ -1 +1 @@\n-a\\r\n+a\n"],
    ["a lone CR does not overwrite the line", "evil\rgood\n", "good\n", "@@ -1 +1 @@\n-evil\\rgood\n+good\n"],
    ["terminal escapes", "a\n", "\u001b[2J\u009b1m\u0007\u202e\n", "@@ -1 +1 @@\n-a\n+\\x1b[2J\\x9b1m\\x07\\u202e\n"],
    ["a BOM", "a\n", "\ufeffa\n", "@@ -1 +1 @@\n-a\n+\\ufeffa\n"],
    ["tabs and text stay", "a\n", "\t\\x1b ä😀\n", "@@ -1 +1 @@\n-a\n+\t\\x1b ä😀\n"],
    [
      "lines that look like a diff",
      "--- a\n",
      "+++ b\n\\ No newline at end of file\n",
      "@@ -1 +1,2 @@\n---- a\n++++ b\n+\\ No newline at end of file\n",
    ],
  ];
  for (const [title, before, after, wanted] of rows)
    it(title, () => assert.equal(unifiedDiff("/etc/f", before, after), `--- a/etc/f\n+++ b/etc/f\n${wanted}`));

  it("two places far apart are two hunks", () => {
    const before = text(...lines(1, 30));
    const after = before.replace("l3\n", "x\n").replace("l28\n", "y\n");
    assert.deepEqual(unifiedDiff("f", before, after).match(/^@@.*$/gm), ["@@ -1,6 +1,6 @@", "@@ -25,6 +25,6 @@"]);
    assert.equal(
      unifiedDiff("f", before, after, { context: 0 }),
      "--- a/f\n+++ b/f\n@@ -3 +3 @@\n-l3\n+x\n@@ -28 +28 @@\n-l28\n+y\n",
    );
  });

  it("nothing changed", () => {
    assert.equal(unifiedDiff("f", "a", "a"), "");
    assert.equal(unifiedDiff("f", undefined, undefined), "");
  });

  it("a file that comes, goes, or is empty", () => {
    assert.equal(unifiedDiff("f", undefined, "a\n"), "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
    assert.equal(
      unifiedDiff("f", "a", undefined),
      "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n",
    );
    assert.equal(unifiedDiff("f", undefined, ""), "--- /dev/null\n+++ b/f\n");
  });

  it("a path cannot forge lines", () => {
    assert.equal(
      unifiedDiff("/a\n+++ b/\u001b[2J\t", "a\n", undefined),
      "--- a/a\\n+++ b/\\x1b[2J\\t\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
    );
  });

  it("says the whole of two large texts that have nothing in common, soon", () => {
    const many = (tag: string) => Array.from({ length: 20_000 }, (_, i) => `${tag}${i}`).join("\n");
    const diff = unifiedDiff("f", many("a"), `${many("b")}\n`);
    assert(diff.startsWith("--- a/f\n+++ b/f\n@@ -1,20000 +1,20000 @@\n-a0\n-a1\n"));
    assert(diff.endsWith("+b19998\n+b19999\n"));
    assert(diff.includes("-a19999\n\\ No newline at end of file\n+b0\n"));
    assert.equal(applyPatch(many("a"), diff), `${many("b")}\n`);
  });

  it("is a patch: applied to the one text it gives the other", () => {
    const content = fc
      .array(fc.constantFrom("a\n", "b\n", "\n", "<x/>\n", "  y\n", "end"), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(content, content, fc.nat(4), (before, after, context) => {
        const diff = unifiedDiff("f", before, after, { context });
        assert.equal(applyPatch(before, diff), after);
        assert.equal(unifiedDiff("f", before, after, { context }), diff);
      }),
      { numRuns: 500 },
    );
  });

  it("is one printable line per line, whatever the content", () => {
    const line = fc.string({ unit: "binary" });
    const control = /[\p{Cc}\p{Bidi_Control}]/u;
    fc.assert(
      fc.property(line, line, (before, after) => {
        assert(!control.test(unifiedDiff("f", before, after).replace(/[\n\t]/g, "")));
      }),
      { numRuns: 500 },
    );
  });
});
