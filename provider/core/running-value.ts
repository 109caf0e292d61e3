/** One value of the running kernel: a file below /sys or /proc/sys, which is written and read, and neither swapped nor kept. */
export interface RunningValue {
  path: string;
  value: number | string;
}

/** Nothing else is sent to a kernel: one line of printable ASCII, with blanks and tabs. */
export function isRunningText(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}

/** As two values are compared: to the kernel any white space divides numbers, and it prints tabs [Linux kernel/sysctl.c proc_wspace_sep, proc_put_char]. */
export function oneBlank(text: string): string {
  return text.replace(/[ \t\n]+/g, " ").replace(/^ | $/g, "");
}
