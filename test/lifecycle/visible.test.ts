import assert from "node:assert/strict";
import { factsSummary } from "../../provider/core/acrn/facts-summary";
import { AcrnError } from "../../provider/core/errors";
import { compact } from "../../provider/core/plan/render-compact";
import { emptyPlan } from "../../provider/core/plan/types";
import { logFor } from "../../provider/lifecycle/engine-log";
import { failureOf, forEngine, refusalFailure } from "../../provider/lifecycle/failures";

/** A window title, a clear screen, an 8-bit CSI and a right-to-left override: what a host may put into any name. */
const NASTY = "\x1b]0;x\x07\x1b[2J\x9b5n\u202e";
const SHOWN = "\\x1b]0;x\\x07\\x1b[2J\\x9b5n\\u202e";

/** Every text of ours that the engine prints as it is. */
const ways: Record<string, () => unknown> = {
  "a check failure": () => failureOf(new AcrnError("x", NASTY, { hint: "do" })).reason,
  "a refusal": () =>
    refusalFailure({ property: "vms", tip: "T15", code: "x", message: NASTY, hint: "do" } as Parameters<
      typeof refusalFailure
    >[0]).reason,
  "an error of create": () => (forEngine(new AcrnError("x", NASTY)) as Error).message,
  "a line of the plan": () => compact({ ...emptyPlan(), notes: [NASTY] }).join("\n"),
  "the facts": () => {
    const unknown = { known: false, why: NASTY };
    const names = ["acrnVersion", "board", "dialect", "pcpus", "caches", "vms", "runningVms", "built"];
    const facts = Object.fromEntries(names.map((name) => [name, unknown]));
    return factsSummary(facts as unknown as Parameters<typeof factsSummary>[0]).join("\n");
  },
  "a message": async () => {
    const write = process.stdout.write;
    let said = "";
    process.stdout.write = ((text: string) => {
      said += text;
      return true;
    }) as typeof write;
    try {
      await logFor("info", "urn", `one\n${NASTY}`);
    } finally {
      process.stdout.write = write;
    }
    return said;
  },
};

describe("text of a host in what the engine prints", () => {
  for (const [name, text] of Object.entries(ways))
    it(`is made visible in ${name}`, async () => {
      const said = String(await text());
      assert.ok(said.includes(SHOWN), said);
      assert.doesNotMatch(said.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    });
});
