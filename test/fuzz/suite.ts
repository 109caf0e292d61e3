import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { optional } from "../support/needs";
import { growing, growthLine } from "./growth";
import { type Fault, inputOf, type Report } from "./loop";
import type { Target } from "./target";
import { Hung, Watchdog } from "./watchdog";

/** The same in every `npm test`, so that what is green stays green; `npm run test:long` draws a new one each time. */
const SEED = process.env.FUZZ_SEED ?? "1";
/** One input alone, to look into it. */
const INPUT = process.env.FUZZ_INPUT;

const TABLE = "./targets";

/** The tests of some targets: every input, then how work grows. The lines at the end say what was tried. */
export function fuzzSuite(title: string, targets: readonly Target[]): void {
  describe(title, function () {
    this.timeout(0); // the watchdog finds what hangs, and names the input
    const dog = new Watchdog(TABLE);
    const lines: string[] = [];
    after(async () => {
      await dog.close();
      for (const line of lines) console.log(`        ${line}`);
    });

    for (const target of targets)
      it(`${target.name}: no crash, no hang, no pollution; the same twice; errors with a place`, async function () {
        if (/ACRN's own/.test(target.name)) optional(this, existsSync("../shared/acrn-data"), "no ../shared/acrn-data");
        const [from, count] = INPUT === undefined ? [0, target.runs] : [Number(INPUT), 1];
        const report = await fuzz(dog, target, SEED, from, count);
        lines.push(line(target.name, report));
        if (INPUT === undefined) notVacuous(target, report);
      });

    for (const target of targets.filter(({ grow }) => grow && Object.keys(grow).length > 0))
      it(`${target.name}: work grows with the size`, async () => {
        try {
          for (const growth of await dog.grow(target.name)) lines.push(growthLine(target.name, growth));
        } catch (error) {
          if (!(error instanceof Hung)) throw error;
          assert.fail(`${target.name}, ${growing(target, error.index)}: ${error.message}`);
        }
      });
  });
}

/** Throws with all that is needed to have the same input again. */
export async function fuzz(dog: Watchdog, target: Target, seed: string, from: number, count: number): Promise<Report> {
  try {
    const report = await dog.run({ target: target.name, seed, from, count });
    if (report.fault) assert.fail(told(target, seed, report.fault));
    return report;
  } catch (error) {
    if (!(error instanceof Hung)) throw error;
    const input = inputOf(target, seed, Math.max(0, error.index));
    throw new assert.AssertionError({
      message: told(target, seed, { index: error.index, law: "no hang", what: error.message, stack: "", input }),
    });
  }
}

/** How much of an input is printed. */
const SHOWN = 3000;

function told(target: Target, seed: string, { index, law, what, stack, input }: Fault): string {
  const bytes = Buffer.from(input).subarray(0, SHOWN);
  return [
    `${target.name}: ${what.startsWith(law) ? "" : `${law}: `}${what.slice(0, 1000)}`,
    `input ${index} of seed ${seed}; again: FUZZ_SEED=${seed} FUZZ_INPUT=${index} npx mocha test/fuzz -g ${JSON.stringify(`${target.name}:`)}`,
    `the smallest that was found: Buffer.from(${JSON.stringify(bytes.toString("latin1"))}, "latin1")${input.length > SHOWN ? " and more" : ""}`,
    stack.slice(0, 2000),
  ].join("\n");
}

export function line(name: string, { inputs, accepted, codes }: Report): string {
  const refused = codes.reduce((sum, [, times]) => sum + times, 0);
  return `${name}: inputs ${inputs}, accepted ${accepted}, refused ${refused}, codes ${codes.length} (${codes
    .map(([code]) => code)
    .sort()
    .join(" ")})`;
}

/** Inputs that are all good, or all bad in one way, try nothing. */
function notVacuous({ name, lenient }: Target, { accepted, codes }: Report): void {
  assert.ok(accepted > 0, `${name}: nothing was accepted`);
  assert.equal(
    codes.length > 0,
    !lenient,
    `${name}: ${lenient ? "it refuses, so it is not lenient" : "nothing was refused"}`,
  );
}
