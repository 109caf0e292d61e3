import { createHash } from "node:crypto";

/** Chance that can be repeated: the same seed gives the same choices, on every machine. */
export class Random {
  #state: number;

  /** @param parts all that an input depends on, so that one of them can be made again without those before it */
  constructor(...parts: (string | number)[]) {
    this.#state = createHash("sha256").update(parts.join(" ")).digest().readUInt32LE(0);
  }

  /** A whole number from 0 to `n` - 1. Numbers by xorshift32 (Marsaglia 2003, "Xorshift RNGs"), which never is 0. */
  below(n: number): number {
    let x = this.#state || 0x9e3779b9;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % Math.max(1, n);
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to choose from");
    return list[this.below(list.length)] as T;
  }

  /** Small numbers most often: 0 half of the time, 1 a quarter, ... */
  few(most: number): number {
    let n = 0;
    while (n < most && this.oneIn(2)) n++;
    return n;
  }
}
