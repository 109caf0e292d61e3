import type { Job } from "./loop";

/** In `beat`: the number of the input under way, -1 before the first; and a count that goes up with each try of it. */
export const INDEX = 0;
export const PULSE = 1;

/** What the watchdog starts this with. */
export interface Start {
  /** The module that has the targets, from this folder. */
  table: string;
  /** Two numbers that the watchdog reads while the thread is busy: see INDEX and PULSE. */
  beat: SharedArrayBuffer;
}

export type Order = ({ what: "run" } & Job) | { what: "grow"; target: string };
