import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listing } from "../host/helpers";
import { Tally } from "../support/tally";
import { layCut, type PowerCut, powerCuts, type Recording, record } from "./support/journal";
import { judge, nextContact, type Verdict } from "./support/judge";
import { inLanes, LANES } from "./support/lanes";
import { SOURCE_PATH, smallWorld, type World } from "./support/world";

type Note = "finished" | "undone" | undefined;

/** What the next contact has to make of a cut, and has to say. */
interface Expected {
  end: "old" | "new";
  note: Note;
}

/** The client that began it is dead and does not fetch the result. */
const DEAD = { results: true };

describe("cut: the journal", function () {
  this.timeout(600_000);

  for (const [kind, stride] of [
    ["first", 1],
    ["again", 5],
  ] as const)
    it(`${kind}: ends at any byte (every ${stride} of them), with the files of then or of any later step; the next contact finishes or undoes, and says which`, async () => {
      const world = await smallWorld(kind);
      const recording = await record(world);
      const all = powerCuts(recording, (line) => /^(commit|swapped)/.test(line));
      const cuts = all.filter((_, index) => index % stride === 0);
      await sweep(`journal, ${kind}`, cuts, (root, cut) => {
        const expected = expectedOf(recording, cut);
        return { ...judge(root, world, DEAD), expected };
      });
    });

  it("the way back: somebody else wrote the second file after the first was swapped, and what they wrote stays", async () => {
    const world = await smallWorld("again");
    const recording = await record(world, `case $1 in 'swapped 1'*) printf hand >"$R${SOURCE_PATH}";; esac`);
    assert.ok(recording.lines.includes("back"), recording.journal);
    const theirs = { ...world, old: withHand(world) };
    // the copy of `swapped 1` was made before they wrote
    const written = recording.lines.findIndex((line) => line.startsWith("swapped 1")) + 1;
    await sweep(
      "journal, back",
      powerCuts(recording, () => false),
      (root, cut) => {
        const hand = cut.line >= written;
        const expected = hand ? { end: "old" as const, note: "undone" as const } : expectedOf(recording, cut);
        return { ...judge(root, hand ? theirs : world, DEAD), expected };
      },
    );
  });

  function withHand(world: World): string[] {
    const root = world.root();
    writeFileSync(join(root, SOURCE_PATH), "hand");
    return listing(root);
  }

  async function sweep(
    name: string,
    cuts: readonly PowerCut[],
    look: (root: string, cut: PowerCut) => Verdict & { expected: Expected },
  ): Promise<void> {
    const tally = new Tally(name);
    const world = await smallWorld("first");
    await inLanes(cuts, LANES, (cut) =>
      world.within(async (root) => {
        await layCut(root, cut);
        const said = await nextContact(root).then(({ before }) => noteOf(before.warnings), String);
        const { end, why, expected } = look(root, cut);
        const right = end === "torn" || end === "lost" || (end === expected.end && said === expected.note);
        const where = `journal of ${cut.bytes} bytes, tree of line ${cut.line + 1}: ${end}, said ${said}`;
        tally.add(right ? end : "lost", `${where}, expected ${expected.end}, ${expected.note}: ${why}`);
      }),
    );
    tally.check();
  }

  /** Forward once `commit` stands there whole, back before. Where not even the beginning does, nothing was begun and nothing is said. */
  function expectedOf({ journal }: Recording, { bytes }: PowerCut): Expected {
    const whole = journal.slice(0, bytes).split("\n").slice(0, -1);
    if (whole.length === 0) return { end: "old", note: undefined };
    return whole.includes("commit") ? { end: "new", note: "finished" } : { end: "old", note: "undone" };
  }

  function noteOf(warnings: readonly string[]): Note {
    const text = warnings.join();
    if (/has been finished/.test(text)) return "finished";
    return /has been undone/.test(text) ? "undone" : undefined;
  }
});
