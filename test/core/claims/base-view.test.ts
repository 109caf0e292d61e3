import assert from "node:assert";
import { baseView } from "../../../provider/core/claims/base-view";
import { World } from "./world";

const FILE = "a=1\nb=2\n";
const OLD = { stack: "s1", urn: "urn:old" };

/** The text that a new resource of this stack declares upon, while another claim is still there. */
function seenBy(stack: string, alone: boolean) {
  const world = new World(FILE);
  world.claim(OLD, { a: "9" });
  const documents = new Map([["lines", world.document()]]);
  const { documents: seen, former } = baseView(
    documents,
    world.ledger,
    { stack, kind: "Thing", urns: ["urn:new"] },
    alone,
  );
  return { text: seen.get("lines")?.live, former: [...former] };
}

describe("claims: the base view of a resource that takes another's place", () => {
  it("of a kind that a machine has once, sees the machine without its predecessor, and what that one held", () => {
    assert.deepStrictEqual(seenBy("s1", true), { text: FILE, former: [["lines a", "9"]] });
  });

  it("of any other kind sees the other's value", () => {
    assert.deepStrictEqual(seenBy("s1", false), { text: "a=9\nb=2\n", former: [] });
  });

  it("sees another stack's value in any case", () => {
    assert.deepStrictEqual(seenBy("s2", true), { text: "a=9\nb=2\n", former: [] });
  });
});
