import type { Argument, CheckInput, Finding, Severity } from "./types";

export function finding(
  severity: Severity,
  code: string,
  tip: string,
  property: string,
  message: string,
  hint: string,
): Finding {
  return { severity, code, tip, property, message, hint };
}

/** Every value that a key has on the line, in order; a parameter without a value is the empty text. */
export function valuesOf(line: readonly Argument[], key: string): string[] {
  return line.filter((each) => same(each.key, key)).map(({ value }) => (value === true ? "" : value));
}

/** `-` and `_` are the same in names of parameters [Linux kernel/params.c dash2underscore]. */
export function same(a: string, b: string): boolean {
  return a.replaceAll("-", "_") === b.replaceAll("-", "_");
}

/** How hard a rule speaks that holds for real-time VMs alone; undefined: this is none. */
export function inRtvm({ guest }: CheckInput): Severity | undefined {
  if (!guest.rtvm.known) return "warning";
  return guest.rtvm.value ? "refusal" : undefined;
}

/** Behind a sentence that only counts in a real-time VM. */
export function ifRtvm({ guest }: CheckInput): string {
  return guest.rtvm.known ? "" : ` (if this is a real-time VM, which is not known: ${guest.rtvm.why})`;
}
