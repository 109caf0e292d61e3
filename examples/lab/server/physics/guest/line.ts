/** A kernel command line as the kernel takes it apart: blanks divide, quotes keep together; the value behind the first `=` [lib/cmdline.c: next_arg]. */
export function words(line: string): string[] {
  return (line.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));
}

/** Words after `--` are init's [kernel/params.c: parse_args]. */
function own(line: string): string[] {
  const all = words(line);
  const end = all.indexOf("--");
  return end < 0 ? all : all.slice(0, end);
}

const name = (word: string): string => (word.split("=")[0] ?? "").replaceAll("-", "_"); // parameq

/** Every value of a parameter, in order; "" for one without. */
export function valuesOf(line: string, key: string): string[] {
  return own(line)
    .filter((word) => name(word) === key.replaceAll("-", "_"))
    .map((word) => (word.includes("=") ? word.slice(word.indexOf("=") + 1) : ""));
}

/** The last one counts. */
export const lastOf = (line: string, key: string): string | undefined => valuesOf(line, key).at(-1);

export const has = (line: string, key: string): boolean => lastOf(line, key) !== undefined;

/** The CPUs of a list of the kernel's, behind its flags (`nohz,domain,1-3`); undefined: it is none [lib/bitmap-str.c, N is the last CPU]. */
export function cpuList(text: string, cpus: number): number[] | undefined {
  const parts = text.split(",").filter((part) => !/^[a-z_]+$/.test(part) || part === "all");
  const found = new Set<number>();
  for (const part of parts) {
    const [, first, last] = /^(\d+|N|all)(?:-(\d+|N))?$/.exec(part) ?? [];
    if (first === undefined) return undefined;
    const number = (word: string): number => (word === "N" ? cpus - 1 : Number(word));
    const [from, to] = first === "all" ? [0, cpus - 1] : [number(first), number(last ?? first)];
    for (let cpu = from; cpu <= Math.min(to, cpus - 1); cpu++) found.add(cpu);
  }
  return [...found].sort((a, b) => a - b);
}
