/**
 * `npm run bench [-- --quick] [--only LETTERS] [--runs N] [--hosts 1,4]`: one table, every figure against a baseline of the same run.
 * A whole run, without any of these, writes the table into docs/measures.md. --quick takes everything once and small.
 */
import { parseArgs } from "node:util";
import { Bench, type Measure, type Options } from "./bench";
import type { Line } from "./figures";
import { measureClasses } from "./measures/classes";
import { measureFloor } from "./measures/floor";
import { measurePlanning } from "./measures/planning";
import { measurePreview } from "./measures/preview";
import { measureRead } from "./measures/read";
import { measureState } from "./measures/state";
import { measureWire } from "./measures/wire";
import { machine, writePage } from "./page";
import { skipped, table } from "./table";

/** In the order of running. Planning is first: it wants a cold process. */
const MEASURES: readonly (readonly [letter: string, measure: Measure])[] = [
  ["c", measurePlanning],
  ["a", measureRead],
  ["d", measureWire],
  ["e", measureState],
  ["g", measureClasses],
  ["f", measureFloor],
  ["b", measurePreview],
];

interface Asked extends Options {
  only: string | undefined;
  whole: boolean;
}

async function main(): Promise<void> {
  const asked = readArguments();
  const bench = new Bench(asked);
  const before = machine();
  try {
    const lines = await Promise.race([measured(bench, asked.only), interrupted()]);
    if (!lines) return;
    const text = [table(lines), "", ...skipped(lines), `Load before: ${before}; after: ${machine()}.`].join("\n");
    console.log(text);
    if (asked.whole) writePage(text);
  } finally {
    await bench.close();
  }
}

function readArguments(): Asked {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string" },
      hosts: { type: "string" },
    },
  });
  const { quick, only, runs, hosts } = values;
  const sizes = (hosts ?? (quick ? "1" : "1,4,14,50")).split(",").map(Number);
  const whole = !quick && only === undefined && runs === undefined && hosts === undefined;
  return { quick, only, runs: Number(runs ?? (quick ? 1 : 5)), sizes, whole };
}

async function measured(bench: Bench, only: string | undefined): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [letter, measure] of MEASURES) {
    if (only !== undefined && !only.includes(letter)) continue;
    lines.push(...(await measure(bench)));
    console.error(`(${letter}) done`);
  }
  return lines.sort((a, b) => a.measure.localeCompare(b.measure));
}

/** Settles with nothing when the bench is to end early. */
function interrupted(): Promise<undefined> {
  return new Promise((settle) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => {
        process.exitCode = 130;
        settle(undefined);
      });
  });
}

// What an interrupted measure still has open must not keep the process.
main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
