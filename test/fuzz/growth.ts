import { AcrnError } from "../../provider/core/errors";
import type { Target } from "./target";

/** Time of one row of {@link Target.grow}, at growing sizes. */
export interface Growth {
  row: string;
  sizes: number[];
  ms: number[];
}

/**
 * From what a real file has up to what nobody has: work that grows with the square of the size takes minutes at the end,
 * so the watchdog finds it, on a fast machine and on a slow one. The times are for people to look at; nothing asserts them.
 */
const SIZES = [16, 32, 64, 512].map((kib) => kib * 1024);

/** @param beat is told the row and the size, so that the watchdog can name them */
export async function grow(target: Target, beat: (index: number) => void): Promise<Growth[]> {
  const found: Growth[] = [];
  for (const [at, [row, make]] of Object.entries(target.grow ?? {}).entries()) {
    const growth: Growth = { row, sizes: SIZES, ms: [] };
    for (const [step, size] of SIZES.entries()) {
      beat(at * SIZES.length + step);
      growth.ms.push(await timed(target, make(size)));
    }
    found.push(growth);
  }
  return found;
}

async function timed(target: Target, input: Buffer): Promise<number> {
  const start = process.cpuUsage();
  try {
    await target.run(input);
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The row and the size that a beat stands for. */
export function growing(target: Target, beat: number): string {
  const row = Object.keys(target.grow ?? {})[Math.floor(beat / SIZES.length)];
  return `"${row}" at ${(SIZES[beat % SIZES.length] ?? 0) / 1024} KiB`;
}

/** `board, many cores: 16 KiB 1 ms, x2 1.9, x4 4.1, x32 35`. */
export function growthLine(target: string, { row, sizes, ms }: Growth): string {
  const [first = 0] = ms;
  const ratios = ms
    .slice(1)
    .map((time, at) => `x${(sizes[at + 1] ?? 0) / (sizes[0] ?? 1)} ${(time / Math.max(first, 0.1)).toFixed(1)}`);
  return `${target}, ${row}: ${(sizes[0] ?? 0) / 1024} KiB ${first.toFixed(1)} ms, ${ratios.join(", ")}`;
}
