import type { Random } from "./random";

/** One kind of thing that comes from outside. Inputs are bytes, whatever they are taken for, so that each can be shown and kept. */
export interface Target {
  name: string;
  /** Inputs in `npm test`. */
  runs: number;
  /** A reader of foreign text that takes whatever it is given and makes the best of it: refusing would be the defect. @default false */
  lenient?: true;
  make(random: Random): Buffer;
  /**
   * What the product does with it. What it returns is compared between two runs of one input; {@link Refused} counts as
   * a refusal that is no error. Further laws of the target are asserted in here.
   */
  run(input: Buffer): unknown;
  /** For texts: what a place in an error has to lie within, by the file that the error names. */
  texts?(input: Buffer): ReadonlyMap<string, string>;
  /** Errors that have no place: of things that are no text, or of more than one place. */
  placeless?: RegExp;
  /** Inputs by size, for how work grows: `n` is about the number of bytes. */
  grow?: Readonly<Record<string, (n: number) => Buffer>>;
}

/** The product said no without an error: a failure of a check, a line that was skipped. */
export class Refused {
  constructor(readonly code: string) {}
}
