/** One value of the running kernel: a file below /sys or /proc/sys, which is written and read, and neither swapped nor kept. */
export interface RunningValue {
  path: string;
  value: number;
}
