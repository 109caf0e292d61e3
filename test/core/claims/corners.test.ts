import assert from "node:assert/strict";
import { findOwner } from "../../../provider/core/claims/owners";
import { resolve } from "../../../provider/core/claims/resolve";
import { compact } from "../../../provider/core/plan/render-compact";
import { isEmpty } from "../../../provider/core/plan/types";
import { World } from "./world";

const FILE = "a=1\nb=2\n";

describe("claims: who stands above whom", () => {
  it("another stack's claim counts also below one of this stack's own", () => {
    const w = new World(FILE);
    w.claim({ stack: "s2", urn: "theirs" }, { a: "9" });
    w.claim({ stack: "s1", urn: "first" }, { a: "9" });
    assert.throws(() => w.claim({ stack: "s1", urn: "second" }, { a: "8" }), /stack s2 holds lines a at 9/);
  });

  for (const [what, actor] of [
    ["--replace", { stack: "s1", urn: "below" }],
    ["an alias", { stack: "s1", urn: "moved", before: "below", id: "id1" }],
  ] as const)
    it(`${what} is no new wish: it does not go above a later claim`, () => {
      const w = new World(FILE);
      w.claim({ stack: "s1", urn: "below" }, { a: "8" });
      w.claim({ stack: "s1", urn: "above" }, { a: "9" });
      assert.ok(isEmpty(w.claim(actor, { a: "8" }).plan));
      assert.match(w.text ?? "", /a=9/);
      assert.deepEqual(
        Object.values(w.ledger.owners)
          .map((o) => o.urn)
          .sort(),
        ["above", actor.urn].sort(),
      );
    });
});

describe("claims: a stack that was renamed", () => {
  const after = { stack: "new", stackBefore: "old", kind: "Thing", urns: ["urn:new", "urn:old"] };

  it("finds its claim, may change it, and leaves nothing of the old name", () => {
    const w = new World(FILE);
    const { id } = w.claim({ stack: "old", urn: "urn:old" }, { a: "9", b: "8" });
    assert.equal(findOwner(w.ledger, after)?.id, id);
    const wishes = [{ field: "lines a", value: "7" }];
    const { plan, ledger } = resolve(new Map([["lines", w.document()]]), w.ledger, { who: after, wishes, id });
    assert.deepEqual(compact(plan), ["lines a: 9 => 7", "lines b: 8 => 2 (given back)"]);
    assert.deepEqual(
      Object.values(ledger.owners).map((o) => [o.id, o.stack, o.urn]),
      [[id, "new", "urn:new"]],
    );
    assert.deepEqual(Object.keys(ledger.fields), ["lines a"]);
  });

  it("is not taken for a stack that merely has the same URNs", () => {
    const w = new World(FILE);
    w.claim({ stack: "third", urn: "urn:old" }, { a: "9" });
    assert.equal(findOwner(w.ledger, after), undefined);
  });
});

describe("claims: a file that somebody removed", () => {
  it("that was there before us is not brought back by the withdrawal", () => {
    const w = new World(FILE, { label: "record", sha256: "1", text: "a=0\nb=0\n" });
    const { id } = w.claim({ stack: "s", urn: "u" }, { a: "9" });
    w.text = undefined;
    w.withdraw(id);
    assert.deepEqual([w.text, w.ledgerText], [undefined, undefined]);
  });
});
