import { Broken, judge, Prototypes } from "./laws";
import { Random } from "./random";
import { shrink } from "./shrink";
import type { Target } from "./target";

/** Some inputs of one target. The same job makes the same inputs, and each of them can be made alone. */
export interface Job {
  target: string;
  seed: string;
  from: number;
  count: number;
}

/** What came of it; `fault` is the first input that broke a law, and nothing was tried after it. */
export interface Report {
  inputs: number;
  accepted: number;
  codes: [code: string, times: number][];
  fault?: Fault;
}

export interface Fault {
  index: number;
  law: string;
  what: string;
  stack: string;
  /** The smallest input that was found to break the same law. */
  input: Buffer;
}

/** How often the prototypes are compared property by property. */
const BATCH = 100;

export function inputOf(target: Target, seed: string, index: number): Buffer {
  return target.make(new Random(seed, target.name, index));
}

/** @param beat is told each input before it is tried: the watchdog's view of us */
export async function run(target: Target, { seed, from, count }: Job, beat: (index: number) => void): Promise<Report> {
  const prototypes = new Prototypes();
  const codes = new Map<string, number>();
  let accepted = 0;
  for (let index = from; index < from + count; index++) {
    beat(index);
    const input = inputOf(target, seed, index);
    try {
      const end = await judge(target, input, prototypes);
      if (end.kind === "accepted") accepted++;
      else codes.set(end.code, (codes.get(end.code) ?? 0) + 1);
      if (index % BATCH === 0 || index === from + count - 1) prototypes.check(true);
    } catch (error) {
      const fault = await faultOf(target, index, input, error as Error, beat);
      return { inputs: index - from + 1, accepted, codes: [...codes], fault };
    }
  }
  return { inputs: count, accepted, codes: [...codes] };
}

async function faultOf(
  target: Target,
  index: number,
  input: Buffer,
  error: Error,
  beat: (index: number) => void,
): Promise<Fault> {
  const law = lawOf(error);
  const smallest = await shrink(input, async (smaller) => {
    beat(index);
    const ended = await judge(target, smaller, new Prototypes()).then(() => undefined, lawOf);
    return ended === law;
  });
  const { stack = "" } = error.cause instanceof Error ? error.cause : error;
  return { index, law, what: error.message, stack, input: smallest };
}

/** An assertion of a target (a law of its own) is told by its sentence. */
function lawOf(error: unknown): string {
  return error instanceof Broken ? error.law : String(error);
}
