import { AcrnError } from "../errors";

/** No kernel that runs under ACRN is built for more CPUs; a larger number in a list is a slip, not a machine. */
export const MAX_CPU_ID = 4095;

/**
 * CPU ids as the kernel prints them (`%*pbl`, Documentation/admin-guide/cputopology.rst): ascending, each run of
 * neighbours as `first-last`, the empty set as the empty text.
 *
 * @example formatCpuList([5, 3, 2, 1]) // "1-3,5"
 */
export function formatCpuList(ids: Iterable<number>): string {
  const sorted = sortedIds(ids);
  const runs: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] as number) + 1) end++;
    runs.push(end === at ? `${sorted[at]}` : `${sorted[at]}-${sorted[end]}`);
    at = end + 1;
  }
  return runs.join(",");
}

/**
 * Reads a kernel CPU list as /sys/devices/system/cpu/offline and `isolcpus=` hold it. One newline at the end is
 * allowed, as sysfs ends each file with one. Order and repetition are free, as in the kernel's own parser
 * (lib/bitmap-str.c); its shorthands `N`, `all` and `1-8:2/4` are refused, as they depend on the machine or hide CPUs.
 *
 * @param what What the list is, for the message: `isolcpus`, `/sys/devices/system/cpu/offline`.
 * @returns Ascending, without repetition.
 */
export function parseCpuList(text: string, what = "CPU list"): number[] {
  const list = text.replace(/\r?\n$/, "");
  if (list === "") return [];
  const ids = new Set<number>();
  for (const item of list.split(",")) {
    const [first, last] = parseItem(item, list, what);
    for (let id = first; id <= last; id++) ids.add(id);
  }
  return sortedIds(ids);
}

function parseItem(item: string, list: string, what: string): [number, number] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(item);
  if (!match) {
    const reason = item === "" ? "an item is empty" : `${quote(item)} is neither a number nor a range`;
    throw refuse(list, what, reason);
  }
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last < first) throw refuse(list, what, `the range ${quote(item)} runs backwards`);
  if (last > MAX_CPU_ID) throw refuse(list, what, `${last} is above ${MAX_CPU_ID}`);
  return [first, last];
}

function refuse(list: string, what: string, reason: string): AcrnError {
  return new AcrnError("cpu-list.syntax", `${what} ${quote(list)}: ${reason}`, {
    hint: 'Write CPU numbers and ranges divided by commas, without blanks: "1-3,5".',
  });
}

/** Texts come from machines: shown short, with control characters escaped. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

function sortedIds(ids: Iterable<number>): number[] {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  for (const id of sorted)
    if (!Number.isInteger(id) || id < 0 || id > MAX_CPU_ID) throw new RangeError(`no CPU id: ${id}`);
  return sorted;
}
