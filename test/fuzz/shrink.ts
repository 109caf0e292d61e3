/** Tries of the search for a smaller input. */
const MOST = 400;

/** Takes out ever smaller parts as long as the rest still `fails` (Zeller's delta debugging, without its complements). */
export async function shrink(input: Buffer, fails: (smaller: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = input;
  let tries = 0;
  for (let size = best.length >> 1; size > 0 && tries < MOST; ) {
    let shorter = false;
    for (let at = 0; at < best.length && tries < MOST; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      tries++;
      if (await fails(without)) {
        best = without;
        shorter = true;
      } else at += size;
    }
    if (!shorter || size > best.length) size >>= 1;
  }
  return best;
}
