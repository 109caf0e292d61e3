/** Counts one direction of one connection. */
export interface Gauge {
  /** How many bytes of this chunk may still pass; undefined: all of it. The first number that is returned is the cut. */
  take(chunk: Buffer): number | undefined;
}

/** Ends after a number of bytes. */
export function byteCount(limit: number): Gauge {
  let passed = 0;
  return {
    take(chunk) {
      passed += chunk.length;
      return passed >= limit ? chunk.length - (passed - limit) : undefined;
    },
  };
}
