import assert from "node:assert/strict";
import { compact } from "../../../provider/core/plan/render-compact";
import { diffOf, renderMarkdown, renderText } from "../../../provider/core/plan/render-text";
import { emptyPlan, isEmpty, type Plan } from "../../../provider/core/plan/types";

const plan: Plan = {
  edits: [
    { field: "f x", path: "/p", before: "1", after: "2", shown: { before: "1", after: "2" }, why: "declared" },
    {
      field: "f y",
      path: "/p",
      before: undefined,
      after: "3",
      shown: { before: "(absent)", after: "3" },
      why: "given back",
    },
  ],
  claims: [{ field: "f z", what: "reserves", shown: "4" }],
  left: [{ field: "f l", shown: "5", why: "somebody else changed it" }],
  files: [{ path: "/p", before: undefined, after: "x=2\n```\n", origin: { label: "record", text: "x=1\n```\n" } }],
  acts: [{ act: "host-reboot", target: "host", fields: ["f x"] }],
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
    assert.match(text, /^to make it run: host-reboot \(interrupts the Service VM and every other VM\)$/m);
  });

  it("text: a file that goes is compared with what counts in its place", () => {
    const file = { path: "/p", before: "x=2\ny\n", after: undefined, origin: { label: "record", text: "x=1\ny\n" } };
    assert.equal(diffOf(file), "--- a/p\n+++ b/p\n@@ -1,2 +1,2 @@\n-x=2\n+x=1\n y\n");
    const bare = { path: "/p", before: "x=2\n", after: undefined };
    assert.equal(diffOf(bare), "--- a/p\n+++ /dev/null\n@@ -1 +0,0 @@\n-x=2\n");
    assert.equal(diffOf({ ...file, before: undefined }), "");
  });

  it("Markdown: no content can end its fence", () => {
    const text = renderMarkdown(plan);
    assert.match(text, /^````diff$/m);
    assert.ok(text.endsWith("````"));
  });

  it("an empty plan is empty", () => {
    assert.ok(isEmpty({ ...emptyPlan(), acts: plan.acts }));
    assert.ok(!isEmpty(plan));
  });
});
