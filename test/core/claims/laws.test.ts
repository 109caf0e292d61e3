import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { winner } from "../../../provider/core/claims/owners";
import { AcrnError } from "../../../provider/core/errors";
import { isEmpty } from "../../../provider/core/plan/types";
import { World } from "./world";

const FILE = "# head\na=1\n\nb=2\n  \nc=3\n# tail\n";
const wish = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "no/e"), fc.constantFrom("1", "2", "7", "8", null), {
  maxKeys: 4,
});
const step = fc.oneof(
  fc.record({ do: fc.constant("claim" as const), stack: fc.constantFrom("s1", "s2"), name: fc.nat(2), wish }),
  fc.record({ do: fc.constant("rename" as const), stack: fc.constantFrom("s1", "s2"), name: fc.nat(2), to: fc.nat(2) }),
  fc.record({ do: fc.constant("replace" as const), stack: fc.constantFrom("s1", "s2"), name: fc.nat(2) }),
  fc.record({ do: fc.constant("delete" as const), stack: fc.constantFrom("s1", "s2"), name: fc.nat(2) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An engine of four lines: what it believes of each resource is id and wishes, as a Pulumi state does. */
class Engine {
  readonly state = new Map<string, { id: string; wish: Record<string, string | null> }>();
  constructor(readonly world: World) {}

  run(s: Step): void {
    const urn = `${s.stack}/r${s.name}`;
    const known = this.state.get(urn);
    if (s.do === "claim") this.put(s.stack, urn, s.wish, known?.id);
    if (s.do === "replace" && known) this.replace(s.stack, urn, urn, known);
    if (s.do === "rename" && known) this.replace(s.stack, urn, `${s.stack}/r${s.to}`, known);
    if (s.do === "delete" && known) this.drop(urn, known.id);
  }

  private put(stack: string, urn: string, wishes: Record<string, string | null>, id?: string): void {
    const result = this.world.claim(id ? { stack, urn, id } : { stack, urn }, wishes);
    this.state.set(urn, { id: result.id, wish: wishes });
  }

  /** The new one is created first and the old one deleted last, as the engine does it. */
  private replace(
    stack: string,
    from: string,
    to: string,
    old: { id: string; wish: Record<string, string | null> },
  ): void {
    if (from !== to && this.state.has(to)) return;
    this.put(stack, to, old.wish);
    if (from !== to) this.state.delete(from);
    this.world.withdraw(old.id);
  }

  private drop(urn: string, id: string): void {
    this.world.withdraw(id);
    this.state.delete(urn);
  }
}

function play(engine: Engine, steps: readonly Step[], after?: (s: Step) => void): void {
  for (const s of steps) {
    try {
      engine.run(s);
    } catch (error) {
      if (!(error instanceof AcrnError && error.code === "claim.other-stack")) throw error;
    }
    after?.(s);
  }
}

const world = () => fc.boolean();
/** Made anew for every run: a shrunk case must not start where the last one ended. */
const make = (there: boolean) =>
  there ? new World(FILE) : new World(undefined, { label: "r", sha256: "1", text: FILE });

describe("claims: laws", () => {
  it("any sequence of create, update, rename, replace and delete by two stacks ends where the remaining claims say", () => {
    fc.assert(
      fc.property(world(), fc.array(step, { maxLength: 12 }), (there, steps) => {
        const w = make(there);
        const engine = new Engine(w);
        play(engine, steps, () => {
          for (const [field, record] of Object.entries(w.ledger.fields)) {
            const reading = w.document().surface.read(w.text ?? FILE, "f", field.slice("lines ".length));
            const target = winner(w.ledger, record);
            if (target && reading.kind !== "no-place")
              assert.deepEqual(reading.kind === "value" ? reading.value : null, target.value, field);
          }
          assert.equal(Object.keys(w.ledger.owners).length, engine.state.size);
        });
      }),
      { numRuns: 400 },
    );
  });

  it("when everybody has gone, in any order, the bytes are the first ones and nothing is left", () => {
    fc.assert(
      fc.property(world(), fc.array(step, { maxLength: 10 }), fc.infiniteStream(fc.nat()), (there, steps, picks) => {
        const w = make(there);
        const first = w.text;
        const engine = new Engine(w);
        play(engine, steps);
        while (engine.state.size > 0) {
          const urns = [...engine.state.keys()];
          const urn = urns[(picks.next().value as number) % urns.length] as string;
          const { id } = engine.state.get(urn) as { id: string };
          w.withdraw(id);
          engine.state.delete(urn);
        }
        assert.equal(w.text, first);
        assert.equal(w.ledgerText, undefined);
      }),
      { numRuns: 400 },
    );
  });

  it("apply, then plan again is empty", () => {
    fc.assert(
      fc.property(world(), fc.array(step, { maxLength: 6 }), wish, (there, steps, wishes) => {
        const w = make(there);
        const engine = new Engine(w);
        play(engine, steps);
        let id: string;
        try {
          id = w.claim({ stack: "s3", urn: "s3/me" }, wishes).id;
        } catch {
          return;
        }
        assert.ok(isEmpty(w.plan({ stack: "s3", urn: "s3/me", id }, wishes, id).plan));
      }),
      { numRuns: 300 },
    );
  });

  it("a base view never feeds on the resource's own claims", () => {
    fc.assert(
      fc.property(world(), wish, (there, wishes) => {
        const w = make(there);
        const before = w.text ?? FILE;
        w.claim({ stack: "s1", urn: "me" }, wishes);
        const base = w.base({ stack: "s1", urn: "me" });
        assert.ok(
          w.document().surface.sameFields((base.documents.get("lines")?.live ?? before) as string, before, "f"),
        );
      }),
    );
  });

  it("a ledger that was written is read back the same, and garbage is an error of ours", () => {
    fc.assert(
      fc.property(world(), fc.array(step, { maxLength: 8 }), fc.string(), fc.nat(), (there, steps, junk, at) => {
        const w = make(there);
        play(new Engine(w), steps);
        const text = w.ledgerText;
        assert.equal(serialiseLedger(parseLedger(text)), text);
        if (text === undefined) return;
        const cut = at % text.length;
        try {
          parseLedger(text.slice(0, cut) + junk + text.slice(cut + 1));
        } catch (error) {
          assert.ok(error instanceof AcrnError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});
