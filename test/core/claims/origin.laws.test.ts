import assert from "node:assert/strict";
import fc from "fast-check";
import { followOrigin } from "../../../provider/core/claims/follow";
import { parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { resolve } from "../../../provider/core/claims/resolve";
import { AcrnError } from "../../../provider/core/errors";
import { isEmpty } from "../../../provider/core/plan/types";
import { linesDocument, linesSurface } from "./lines-surface";

const RECORD = ["a", "b", "c", "d"].map((key) => `${key}=0\n#\n#\n`).join("");
type Wishes = Record<string, string>;

/** A machine whose record changes under the claims: by packages, and by images that were built from our own source. */
class Host {
  ledger: string | undefined;
  record = RECORD;
  constructor(public text: string | undefined) {}

  plan(name: string, wishes: Wishes | undefined) {
    const document = linesDocument(this.text, { label: "record", sha256: this.record, text: this.record });
    const followed = followOrigin(document, parseLedger(this.ledger), () => []);
    const list = wishes && Object.entries(wishes).map(([key, value]) => ({ field: `lines ${key}`, value }));
    const who = { stack: "s", kind: "Thing", urns: [name] };
    const { plan, ledger } = resolve(new Map([["lines", followed.document]]), followed.ledger, {
      who,
      wishes: list,
      id: name,
    });
    const [file] = plan.files;
    return { plan, ledger, note: followed.note, text: file ? file.after : followed.document.live };
  }

  apply(name: string, wishes: Wishes | undefined): void {
    const { text, ledger } = this.plan(name, wishes);
    this.text = text;
    this.ledger = serialiseLedger(ledger);
  }
}

const name = fc.constantFrom("x", "y");
const key = fc.constantFrom("a", "b", "c", "d");
const value = fc.constantFrom("0", "1", "2", "3");
const step = fc.oneof(
  fc.record({ do: fc.constant("claim" as const), name, wishes: fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 }) }),
  fc.record({ do: fc.constant("withdraw" as const), name }),
  fc.record({ do: fc.constant("build" as const) }),
  fc.record({ do: fc.constant("remove" as const) }),
  fc.record({ do: fc.constant("upgrade" as const), key, value }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps; the names that hold something at the end. A conflict with a hand's edit ends the case. */
function play(host: Host, steps: readonly Step[]): Set<string> | undefined {
  const held = new Set<string>();
  for (const s of steps) {
    try {
      if (s.do === "claim") {
        claimTwice(host, s.name, s.wishes);
        held.add(s.name);
      }
      if (s.do === "withdraw" && held.delete(s.name)) host.apply(s.name, undefined);
      if (s.do === "build") host.record = host.text ?? host.record;
      if (s.do === "remove") host.text = undefined;
      if (s.do === "upgrade") host.record = linesSurface.write(host.record, "", s.key, s.value);
    } catch (error) {
      if (error instanceof AcrnError && error.code === "scenario.conflict") return undefined;
      throw error;
    }
  }
  return held;
}

function claimTwice(host: Host, who: string, wishes: Wishes): void {
  host.apply(who, wishes);
  const again = host.plan(who, wishes);
  assert.ok(isEmpty(again.plan), JSON.stringify(again.plan));
  assert.deepEqual([again.note, again.text], [undefined, host.text]);
}

describe("claims: laws over a record that changes", () => {
  it("apply, then plan again is empty; when all have gone, so has the file that was not there", () => {
    let ended = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const host = new Host(undefined);
        const held = play(host, steps);
        if (!held) return;
        ended++;
        for (const who of held) host.apply(who, undefined);
        assert.deepEqual([host.text, host.ledger], [undefined, undefined]);
      }),
      { numRuns: 1000 },
    );
    assert.ok(ended > 500, `only ${ended} cases came to their end`);
  });

  it("a source that was there before us comes back, whatever images were built from it in between", () => {
    const mine = RECORD.replace("b=0", "b=3");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const host = new Host(mine);
        const held = play(
          host,
          steps.filter((s) => s.do !== "upgrade" && s.do !== "remove"),
        );
        for (const who of held ?? []) host.apply(who, undefined);
        assert.deepEqual([host.text, host.ledger], [mine, undefined]);
      }),
      { numRuns: 500 },
    );
  });

  it("an image built from our source moves no baseline, however often the claim changes afterwards", () => {
    const host = new Host(undefined);
    host.apply("x", { a: "1" });
    host.record = host.text as string;
    for (const a of ["2", "3", "1", "2"]) claimTwice(host, "x", { a });
    assert.deepEqual(parseLedger(host.ledger).fields["lines a"]?.baseline, { kind: "value", value: "0", raw: "a=0\n" });
  });
});
