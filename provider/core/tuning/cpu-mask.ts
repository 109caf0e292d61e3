import { AcrnError } from "../errors";
import { MAX_CPU_ID } from "../hardware/cpu-set";

/** Hex digits of one group of 32 CPUs. */
const GROUP = 8;

/**
 * CPU ids as a mask in the kernel's words (`%*pb`, lib/bitmap.c): groups of 32 bits, the highest first, divided by commas. The kernel prints as many
 * digits as the machine can have CPUs; it reads fewer, so leading zeros are left out.
 *
 * @example formatCpuMask([0, 33]) // "2,00000001"
 */
export function formatCpuMask(ids: Iterable<number>): string {
  let bits = 0n;
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id > MAX_CPU_ID) throw new RangeError(`no CPU id: ${id}`);
    bits |= 1n << BigInt(id);
  }
  const digits = bits.toString(16);
  const first = digits.length % GROUP || GROUP;
  const groups = [digits.slice(0, first)];
  for (let at = first; at < digits.length; at += GROUP) groups.push(digits.slice(at, at + GROUP));
  return groups.join(",");
}

/** Reads what the kernel prints, with its leading zeros and the newline that ends each file of sysfs. Ascending. */
export function parseCpuMask(text: string, what = "CPU mask"): number[] {
  const mask = text.replace(/\n$/, "");
  // lib/bitmap.c takes groups of up to eight digits; behind the first one each stands for 32 bits, however short it is
  if (!/^[0-9a-f]{1,8}(?:,[0-9a-f]{1,8})*$/i.test(mask)) throw refuse(mask, what, "is no mask");
  const groups = mask.split(",").map((group) => group.padStart(GROUP, "0"));
  const digits = groups.join("").replace(/^0+(?=.)/, "");
  // before the number is made: a file of megabytes would be one, too
  if (digits.length > (MAX_CPU_ID + 1) / 4) throw refuse(mask, what, `names a CPU above ${MAX_CPU_ID}`);
  const bits = BigInt(`0x${digits}`);
  const ids: number[] = [];
  for (let id = 0, rest = bits; rest > 0n; id++, rest >>= 1n) if (rest & 1n) ids.push(id);
  return ids;
}

/** The same CPUs, however many zeros and commas the kernel prints. */
export function sameCpuMask(a: string, b: string): boolean {
  return formatCpuMask(parseCpuMask(a)) === formatCpuMask(parseCpuMask(b));
}

function refuse(mask: string, what: string, reason: string): AcrnError {
  const shown = JSON.stringify(mask.length > 60 ? `${mask.slice(0, 60)}...` : mask);
  return new AcrnError("cpu-mask.syntax", `${what} ${shown} ${reason}`, {
    hint: 'Write hexadecimal groups of 32 CPUs divided by commas, the highest first: "3" or "1,00000003".',
  });
}
