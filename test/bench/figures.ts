/** What several runs of one thing gave: the median counts, the ends show how quiet the machine was. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error("a figure without a run");
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** One line of the table. */
export interface Row {
  /** The letter of the measure; `-` for a floor, which nothing of ours can go below. */
  measure: string;
  what: string;
  figure: string;
  /** What it is held against, measured in the same run. */
  baseline: string;
  ratio: string;
  goal: string;
}

/** A measure that could not be taken, and why. */
export interface Skipped {
  measure: string;
  what: string;
  why: string;
}

export type Line = Row | Skipped;

export const UNITS = {
  ms: (value: number) => (value >= 100 ? `${Math.round(value)}` : value.toPrecision(3)),
  s: (value: number) => (value / 1000).toFixed(2),
  bytes: (value: number) => `${Math.round(value)}`,
} as const;

export type Unit = keyof typeof UNITS;

/** `3.41 s (3.30-3.62)`; a single run has no spread. */
export function shown({ median, min, max }: Spread, unit: Unit): string {
  const format = UNITS[unit];
  const ends = min === max ? "" : ` (${format(min)}-${format(max)})`;
  return `${format(median)} ${unit}${ends}`;
}

/** `goal` is met or missed as the medians say. */
export interface Goal {
  /** `at most` or `at least`, and of what. */
  is: "<=" | ">=";
  value: number;
  text: string;
}

export function judged(goal: Goal | undefined, value: number): string {
  if (!goal) return "";
  const met = goal.is === "<=" ? value <= goal.value : value >= goal.value;
  return `${goal.text}: ${met ? "met" : "missed"}`;
}
