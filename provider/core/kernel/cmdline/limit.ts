import { AcrnError } from "../../errors";

/** What x86 keeps of a command line, with the NUL at its end; the rest is cut off without a word [arch/x86/include/asm/setup.h COMMAND_LINE_SIZE]. */
export const COMMAND_LINE_SIZE = 2048;

/** How much a command line may have, and who says so. */
export interface Limit {
  bytes: number;
  /** `the kernel`, `acrn-dm`. */
  by: string;
}

/** The kernel's own limit. */
export const KERNEL_LIMIT: Limit = { bytes: COMMAND_LINE_SIZE - 1, by: "an x86 kernel" };

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * A line that whoever reads it would cut.
 * @throws AcrnError `cmdline.long`
 */
export function checkLength(line: string, { bytes, by }: Limit = KERNEL_LIMIT, file?: string): void {
  const length = byteLength(line);
  if (length <= bytes) return;
  throw new AcrnError("cmdline.long", `the kernel command line has ${length} bytes, and ${by} takes ${bytes}`, {
    ...(file === undefined ? {} : { where: { file } }),
    hint: "What is behind that would be cut off without a word: take out parameters that nobody needs.",
  });
}
