import assert from "node:assert/strict";
import { compact } from "../../../provider/core/plan/render-compact";
import { renderMarkdown, renderText } from "../../../provider/core/plan/render-text";
import { isEmpty, type Plan } from "../../../provider/core/plan/types";

const plan: Plan = {
  edits: [
    { field: "f x", path: "/p", before: "1", after: "2", shown: { before: "1", after: "2" }, why: "declared" },
    { field: "f y", path: "/p", before: undefined, after: "3", shown: { before: "(absent)", after: "3" }, why: "given back" },
  ],
  claims: [{ field: "f z", what: "reserves", shown: "4" }],
  left: [{ field: "f l", shown: "5", why: "somebody else changed it" }],
  files: [{ path: "/p", before: undefined, after: "x=2\n```\n", origin: { label: "record", text: "x=1\n```\n" } }],
  notes: ["/p is made from record"],
};

describe("plan: rendering", () => {
  it("compact: one line an item, edits first", () => {
    assert.deepEqual(compact(plan), [
      "f x: 1 => 2",
      "f y: (absent) => 3 (given back)",
      "f z: reserves 4",
      "f l: left at 5",
      "/p is made from record",
    ]);
  });

  it("text: a file that is not there yet is compared with what it is made from", () => {
    const text = renderText(plan);
    assert.match(text, /^-x=1$/m);
    assert.match(text, /^\+x=2$/m);
    assert.match(text, /left alone: f l is 5: somebody else changed it/);
  });

  it("Markdown: no content can end its fence", () => {
    const text = renderMarkdown(plan);
    assert.match(text, /^````diff$/m);
    assert.ok(text.endsWith("````"));
  });

  it("an empty plan is empty", () => {
    assert.ok(isEmpty({ edits: [], claims: [], left: [], files: [], notes: [] }));
    assert.ok(!isEmpty(plan));
  });
});
