import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type BoardSpec, buildBoard, buildScenario, launchScripts } from "../../examples/lab/builder";
import { host } from "../support/arbitraries";

/** ACRN's own files, where they are at hand. */
const DATA = "../shared/acrn-data";

/** Small ones: a millisecond an input. */
const LARGEST = 6000;

/** Hosts of the builder, drawn once with a seed of their own: the inputs depend on the run's seed, their seeds do not. */
const hosts = once(() => fc.sample(host(), { seed: 4, numRuns: 80 }));

/** Most boards of the arbitrary that are small have texts alone; these have the parts of v2.5 and later, cut down. */
const STRUCTURED: BoardSpec[] = [
  { name: "one", cores: [{}], pci: [], l3: false },
  { name: "smt", cores: [{ threads: 2 }], pci: [], l2: { cat: { maskLength: 8, cdp: true } }, l3: false },
  { name: "hybrid", cores: [{ type: "P" }, { type: "E" }], pci: [], l3: { ways: 12, cat: true } },
  { name: "pci", cores: [{}], l3: false, dialect: "2.x" },
];

export const boards = once(() => small([...STRUCTURED, ...hosts().map(({ board }) => board)].map(buildBoard), 12_000));
export const scenarios = once(() => small(hosts().map(({ scenario }) => buildScenario(scenario))));
export const scripts = once(() =>
  small(hosts().flatMap(({ board, scenario }) => launchScripts(board, scenario).map(({ text }) => text))),
);

/** A board with a scenario for it, both small. */
export const pairs = once(() =>
  hosts()
    .map(({ board, scenario }) => ({
      board,
      scenario,
      boardText: buildBoard(board),
      scenarioText: buildScenario(scenario),
    }))
    .filter(({ boardText, scenarioText }) => boardText.length < LARGEST && scenarioText.length < LARGEST),
);

/** Real files whose name fits, without the few that are far larger than all others. */
export function real(name: RegExp, largest = 60_000): Buffer[] {
  if (!existsSync(DATA)) return [];
  const names = readdirSync(DATA, { recursive: true, encoding: "utf8" }).filter((each) => name.test(each));
  return names
    .sort()
    .map((each) => readFileSync(join(DATA, each)))
    .filter((bytes) => bytes.length <= largest);
}

function small(texts: string[], largest = LARGEST): Buffer[] {
  return [...new Set(texts)].filter((text) => text.length < largest).map((text) => Buffer.from(text));
}

export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export const words = (text: string): Buffer[] => text.split(" ").map((word) => Buffer.from(word));
