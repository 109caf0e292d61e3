import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { compact } from "../../../provider/core/plan/render-compact";
import { isEmpty } from "../../../provider/core/plan/types";
import { World } from "./world";

const FILE = "# a comment\na=1\n\nb=2\nc=3\n";
const A = { stack: "s1", urn: "urn:a" };
const B = { stack: "s1", urn: "urn:b" };
const OTHER = { stack: "s2", urn: "urn:o" };

describe("claims: one resource", () => {
  it("edits its fields and nothing else, and finds nothing left to do", () => {
    const w = new World(FILE);
    const { id, plan } = w.claim(A, { a: "9", d: "4" });
    assert.equal(w.text, "# a comment\na=9\n\nb=2\nc=3\nd=4\n");
    assert.deepEqual(compact(plan), ["lines a: 1 => 9", "lines d: (absent) => 4"]);
    assert.ok(isEmpty(w.plan({ ...A, id }, { a: "9", d: "4" }, id).plan));
  });

  it("gives back the original bytes and leaves no ledger", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9", d: "4", c: null });
    w.withdraw(id);
    assert.equal(w.text, FILE);
    assert.equal(w.ledgerText, undefined);
  });

  it("claims a field that already has the value without an edit, and gives it back without one", () => {
    const w = new World(FILE);
    const { id, plan } = w.claim(A, { a: "1" });
    assert.deepEqual(compact(plan), ["lines a: claims 1"]);
    assert.equal(w.text, FILE);
    assert.deepEqual(compact(w.withdraw(id) as never), ["lines a: releases 1"]);
    assert.equal(w.text, FILE);
  });

  it("gives back a field that it no longer names", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9", b: "8" });
    const { plan } = w.claim({ ...A, id }, { a: "9" });
    assert.deepEqual(compact(plan), ["lines b: 8 => 2 (given back)"]);
    w.withdraw(id);
    assert.equal(w.text, FILE);
  });

  it("mends drift", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9" });
    w.text = w.text?.replace("a=9", "a=7");
    assert.deepEqual(compact(w.plan({ ...A, id }, { a: "9" }, id).plan), ["lines a: 7 => 9"]);
  });

  it("keeps a reservation for a field without a place, and writes nothing for it", () => {
    const w = new World(undefined, { label: "record", sha256: "1", text: FILE });
    const { id, plan } = w.claim(A, { "no/x": "1" });
    assert.deepEqual(compact(plan), ["lines no/x: reserves 1"]);
    assert.equal(w.text, undefined);
    w.withdraw(id);
    assert.equal(w.ledgerText, undefined);
  });

  it("makes the file from its origin at the first claim and removes it with the last", () => {
    const w = new World(undefined, { label: "record", sha256: "1", text: FILE });
    const { id, plan } = w.claim(A, { a: "9" });
    assert.equal(w.text, FILE.replace("a=1", "a=9"));
    assert.deepEqual(plan.notes, ["/etc/lines is made from record"]);
    w.withdraw(id);
    assert.equal(w.text, undefined);
  });

  it("mends a file that somebody removed", () => {
    const w = new World(undefined, { label: "record", sha256: "1", text: FILE });
    const { id } = w.claim(A, { a: "9" });
    w.text = undefined;
    w.claim({ ...A, id }, { a: "9" });
    assert.equal(w.text, FILE.replace("a=1", "a=9"));
  });
});

describe("claims: identity", () => {
  it("a create at a known URN gives the claim a new id; the delete of the old id then does nothing (--replace)", () => {
    const w = new World(FILE);
    const first = w.claim(A, { a: "9" });
    const second = w.claim(A, { a: "9" });
    assert.ok(isEmpty(second.plan));
    assert.equal(w.withdraw(first.id), undefined);
    assert.match(w.text ?? "", /a=9/);
    w.withdraw(second.id);
    assert.equal(w.text, FILE);
  });

  it("a rename without alias creates first and deletes last, and changes nothing on the machine", () => {
    const w = new World(FILE);
    const old = w.claim(A, { a: "9" });
    const text = w.text;
    const renamed = w.claim(B, { a: "9" });
    assert.deepEqual(compact(renamed.plan), ["lines a: claims 9"]);
    w.withdraw(old.id);
    assert.equal(w.text, text);
    w.withdraw(renamed.id);
    assert.equal(w.text, FILE);
  });

  it("an alias moves the claim to the new URN", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9" });
    w.claim({ stack: "s1", urn: "urn:new", before: "urn:a", id }, { a: "9" });
    assert.deepEqual(
      Object.values(w.ledger.owners).map((o) => o.urn),
      ["urn:new"],
    );
  });

  it("of two claims of one stack the later gives the value, and the earlier returns when it goes", () => {
    const w = new World(FILE);
    const a = w.claim(A, { a: "9" });
    const b = w.claim(B, { a: "8" });
    assert.match(w.text ?? "", /a=8/);
    assert.deepEqual(compact(w.withdraw(b.id) as never), ["lines a: 8 => 9 (given back)"]);
    w.withdraw(a.id);
    assert.equal(w.text, FILE);
  });
});

describe("claims: other stacks", () => {
  it("agree on the same value, and the last one gives back", () => {
    const w = new World(FILE);
    const a = w.claim(A, { a: "9" });
    const o = w.claim(OTHER, { a: "9" });
    assert.deepEqual(compact(w.withdraw(a.id) as never), ["lines a: releases 9"]);
    assert.match(w.text ?? "", /a=9/);
    w.withdraw(o.id);
    assert.equal(w.text, FILE);
  });

  it("are refused another value, by name, and nothing changes", () => {
    const w = new World(FILE);
    w.claim(A, { a: "9" });
    assert.throws(
      () => w.claim(OTHER, { a: "8" }),
      (e: unknown) => {
        assert.ok(e instanceof AcrnError);
        assert.equal(e.code, "claim.other-stack");
        assert.match(e.message, /stack s1 holds lines a at 9, and this one wants 8/);
        return true;
      },
    );
  });
});

describe("claims: foreign changes", () => {
  it("a foreign value is left and named at the withdrawal, everything else goes back", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9", b: "8" });
    w.text = w.text?.replace("a=9", "a=7");
    const plan = w.withdraw(id);
    assert.equal(w.text, FILE.replace("a=1", "a=7"));
    assert.deepEqual(
      plan?.left.map((l) => [l.field, l.shown]),
      [["lines a", "7"]],
    );
    assert.equal(w.ledgerText, undefined);
  });

  for (const [what, value, left] of [
    ["what we wrote last", "9", 0],
    ["what we wrote before that", "8", 0],
    ["the baseline", "1", 0],
    ["anything else", "5", 1],
  ] as const)
    it(`${what} is ${left ? "" : "not "}foreign`, () => {
      const w = new World(FILE);
      const { id } = w.claim(A, { a: "8" });
      w.claim({ ...A, id }, { a: "9" });
      w.text = w.text?.replace("a=9", `a=${value}`);
      const plan = w.withdraw(id);
      assert.equal(plan?.left.length, left);
      assert.equal(w.text, left ? FILE.replace("a=1", "a=5") : FILE);
    });

  it("an edit of an unclaimed field stays when the last claim goes", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9" });
    w.text = w.text?.replace("c=3", "c=33");
    w.withdraw(id);
    assert.equal(w.text, FILE.replace("c=3", "c=33"));
  });

  it("a comment that somebody added meanwhile stays", () => {
    const w = new World(FILE);
    const { id } = w.claim(A, { a: "9" });
    w.text = `# mine\n${w.text}`;
    w.withdraw(id);
    assert.equal(w.text, `# mine\n${FILE}`);
  });
});
