import assert from "node:assert/strict";
import { AcrnError } from "../../provider/core/errors";

describe("AcrnError", () => {
  it("quotes nothing that a terminal obeys or that hides text, in no part of it", () => {
    const error = new AcrnError("a.b", "said \x1b[2J", {
      hint: "do \u202e\nthat\x9b",
      where: { file: "f\x07", line: 1, column: 2 },
    });
    const all = [error.message, error.summary, error.hint, error.within("apply \x1b").message].join("\n");
    assert.doesNotMatch(all, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.equal(error.hint, "do \\u202e\nthat\\x9b");
    assert.match(error.message, /^f\\x07:1:2: said \\x1b\[2J\n/);
  });

  it("cuts lines that nobody reads", () => {
    const error = new AcrnError("a.b", "x".repeat(100_000), { hint: "do that" });
    assert.ok(error.message.length < 5000);
    assert.match(error.message, /x\.\.\.\ndo that$/);
  });
});
