import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { shellQuote } from "../../../provider/core/text/shell-quote";

describe("shellQuote", () => {
  const rows: [string, string][] = [
    ["/etc/default/grub", "/etc/default/grub"],
    ["user@host:22", "user@host:22"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", "'it'\\''s'"],
    ["A=1", "'A=1'"],
    ["~", "'~'"],
    ["$(reboot)", "'$(reboot)'"],
    ["*", "'*'"],
    ["#x", "'#x'"],
    ["{", "'{'"],
    ["!", "'!'"],
    ["if", "'if'"],
    ["done", "'done'"],
    ["ä", "'ä'"],
  ];
  for (const [word, quoted] of rows) it(JSON.stringify(word), () => assert.equal(shellQuote(word), quoted));

  for (const word of ["a\0b", "\ud800", "x\udc00"])
    it(`refuses ${JSON.stringify(word)}`, () => assert.throws(() => shellQuote(word), { code: "shell.word" }));

  const word = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("'", '"', "\\", "$", "`", "\n", "\r", " ", "!", "~", "*", "=", "a", "-", "\t"), {
        maxLength: 8,
      })
      .map((parts) => parts.join("")),
  );
  const words = fc.array(
    word.filter((text) => !/\0|\p{Surrogate}/u.test(text)),
    { minLength: 1, maxLength: 30 },
  );

  it("the shell reads each word back", () => {
    fc.assert(
      fc.property(words, (list) => {
        const out = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${list.map(shellQuote).join(" ")}`]);
        assert.deepEqual(out.toString("utf8").split("\0").slice(0, -1), list);
      }),
      { numRuns: 60 },
    );
  });

  it("a quoted word is a command name, not a keyword or an assignment", () => {
    for (const word of ["if", "A=1", "{", "!", "case", "while"]) {
      const status = execFileSync("/bin/sh", ["-c", `${shellQuote(word)} 2>/dev/null; echo $?`]).toString();
      assert.equal(status, "127\n"); // not found, says the shell: it looked for a command
    }
  });
});
