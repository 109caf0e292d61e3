/** The longest that Node's timers can wait; a longer time they take as 1 ms (setTimeout in Node's documentation). 24 days. */
const LONGEST = 2 ** 31 - 1;

/** A time of ssh_config for a timer. */
export function milliseconds(seconds: number): number {
  return Math.min(seconds * 1000, LONGEST);
}
