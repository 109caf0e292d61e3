import assert from "node:assert/strict";
import { followOrigin } from "../../../provider/core/claims/follow";
import type { Document } from "../../../provider/core/claims/types";
import { World } from "./world";

const OLD = "# head\na=1\n#\nb=2\n#\nc=3\n#\ntail=0\n";
const origin = (text: string) => ({ label: "record", sha256: text, text });
const conflicts = (base: string, mine: string, theirs: string) =>
  ["a", "b", "c", "tail"].filter((k) => {
    const at = (t: string) => new RegExp(`^${k}=(.*)$`, "m").exec(t)?.[1];
    return at(mine) !== at(base) && at(theirs) !== at(base) && at(mine) !== at(theirs);
  });

function followed(hand: (text: string) => string, next: string) {
  const w = new World(undefined, origin(OLD));
  const { id } = w.claim({ stack: "s", urn: "u" }, { a: "9" });
  w.text = hand(w.text as string);
  const document: Document = { ...w.document(), origin: origin(next) };
  return { w, id, ...followOrigin(document, w.ledger, conflicts) };
}

const text = (f: { document: Document }) => f.document.live as string;

describe("claims: a new origin", () => {
  it("is followed in all that nobody claims, and the claim stays on top", () => {
    const f = followed((t) => t, OLD.replace("c=3", "c=33"));
    assert.equal(text(f), OLD.replace("a=1", "a=9").replace("c=3", "c=33"));
    assert.equal(f.note, "/etc/lines follows record, which is new");
  });

  it("gives a claimed field its new baseline", () => {
    const f = followed((t) => t, OLD.replace("a=1", "a=11"));
    assert.equal(text(f), OLD.replace("a=1", "a=9"));
    assert.deepEqual(f.ledger.fields["lines a"]?.baseline, { kind: "value", value: "11", raw: "a=11\n" });
  });

  it("is merged with what a hand wrote elsewhere", () => {
    const f = followed((t) => t.replace("tail=0", "tail=7"), OLD.replace("b=2", "b=22"));
    assert.equal(text(f), OLD.replace("a=1", "a=9").replace("tail=0", "tail=7").replace("b=2", "b=22"));
  });

  it("is refused by field where a hand wrote the same one", () => {
    assert.throws(
      () => followed((t) => t.replace("c=3", "c=4"), OLD.replace("c=3", "c=5")),
      /disagrees with edits made by hand: c/,
    );
  });

  it("that is what we wrote ourselves (an image built from the source) moves no baseline", () => {
    const f = followed((t) => t, OLD.replace("a=1", "a=9"));
    assert.equal(f.note, undefined);
    assert.deepEqual(f.ledger.fields["lines a"]?.baseline, { kind: "value", value: "1", raw: "a=1\n" });
  });

  it("that is the known one is nothing to do", () => {
    assert.equal(followed((t) => t.replace("c=3", "c=4"), OLD).note, undefined);
  });

  it("that is the host's record does not displace a file that was imported, whoever asks", () => {
    const w = new World(undefined, { ...origin(OLD), imported: true });
    w.claim({ stack: "s", urn: "u" }, { a: "9" });
    const document: Document = { ...w.document(), origin: origin(OLD.replace("c=3", "c=33")) };
    const f = followOrigin(document, w.ledger, conflicts);
    assert.equal(f.note, undefined);
    assert.equal(f.document.live, w.text);
    assert.equal(f.document.origin?.imported, true);
  });
});
