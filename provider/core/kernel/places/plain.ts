import type { FieldValue, Surface } from "../../claims/types";
import type { Limit } from "../cmdline/limit";
import { type LinePlace, lineSurface } from "./line-surface";
import { linesOf } from "./lines";
import { plainStretch } from "./mapped";

/**
 * `/etc/kernel/cmdline`, what kernels that are installed later get: the file is the line, and its line ends are blanks [systemd,
 * src/kernel-install/90-loaderentry.install].
 */
export const kernelCmdlinePlace: LinePlace = {
  open(text) {
    // kernel-install has no comments there, and ukify has: what stands in one is read or not
    const comment = linesOf(text).find((line) => /^\s*#/.test(line.text));
    if (comment) return { line: comment.number, why: "it has a comment, which kernel-install takes for parameters" };
    return { pieces: [[plainStretch(text, 0)]] };
  },
  create: (text) => text,
  rest: () => "",
  trouble: () => undefined,
};

/** The same as a surface for claims. */
export const kernelCmdlineSurface: Surface = lineSurface(kernelCmdlinePlace);

/** acrn-dm takes 2047 characters of `-B`, and 1024 bytes with their NUL reach the guest [devicemodel/core/main.c, sw_load_common.c; reference 6.2]. */
export const BOOT_ARGS_LIMIT: Limit = { bytes: 1023, by: "acrn-dm's -B" };

/** The argument of `-B` alone: how a launch script quotes it is the script's matter. */
export const bootArgsPlace: LinePlace = {
  open: (text) => ({ pieces: [[plainStretch(text, 0)]] }),
  create: (text) => text,
  rest: () => "",
  trouble: () => undefined,
  limit: BOOT_ARGS_LIMIT,
};

const bootArgs = lineSurface(bootArgsPlace);

/**
 * The argument of `-B` with a kernel parameter that has `value`; null: without it.
 * @throws AcrnError `cmdline.value`, `cmdline.long`
 */
export function editBootArgs(text: string, field: string, value: FieldValue): string {
  return bootArgs.write(text, "-B", field, value);
}
