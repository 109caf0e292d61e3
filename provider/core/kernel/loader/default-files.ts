import { type GrubVariable, grubValue } from "../places/grub-default/value";
import { lineOf } from "../places/mapped";
import type { KernelEvidence, LineSource, NoPlace } from "./types";

export const DEFAULT_GRUB = "/etc/default/grub";
const FRAGMENT = /^\/etc\/default\/grub\.d\/[^/]+\.cfg$/;

/** Where a variable gets its value from. */
export interface VariableSources {
  variable: GrubVariable;
  /** The file that begins its value: what is written there stays. Absent: none does. */
  file?: string;
  /** All files that give it a part. */
  sources: readonly LineSource[];
}

/** Fragments of `/etc/default/grub.d`, in the order in which a shell reads them. */
export function fragmentsOf({ files }: KernelEvidence): string[] {
  return [...files.keys()].filter((path) => FRAGMENT.test(path)).sort();
}

/**
 * Does grub-mkconfig read fragments? Debian's and newer ones do, RHEL's does not: the script itself tells. Where it was not read, `update-grub` is Debian's.
 */
export function readsFragments({ files, commands }: KernelEvidence): boolean {
  const script = files.get("/usr/sbin/grub-mkconfig") ?? files.get("/usr/sbin/grub2-mkconfig");
  return script === undefined ? commands.has("update-grub") : script.includes("default/grub.d");
}

/** A variable, from the files that grub-mkconfig reads in, one after the other. */
export function sourcesOf(evidence: KernelEvidence, variable: GrubVariable): VariableSources | NoPlace {
  const paths = [DEFAULT_GRUB, ...(readsFragments(evidence) ? fragmentsOf(evidence) : [])];
  let parts: (LineSource & { begins: boolean; refused?: { why: string; line: number } })[] = [];
  for (const file of paths) {
    const text = evidence.files.get(file);
    const value = text === undefined ? undefined : grubValue(text, variable);
    if (value === undefined) continue;
    if ("why" in value) parts.push({ file, variable, line: "", begins: false, refused: value });
    else {
      if (!value.inherits) parts = [];
      parts.push({ file, variable, line: lineOf(value), begins: !value.inherits });
    }
  }
  const bad = parts.find(({ refused }) => refused);
  if (bad?.refused) return computed(bad.file, variable, bad.refused);
  const first = parts.find(({ begins }) => begins);
  const sources = parts.map(({ file, line }) => ({ file, variable, line }));
  return { variable, ...(first ? { file: first.file } : {}), sources };
}

function computed(file: string, variable: string, { why, line }: { why: string; line: number }): NoPlace {
  return {
    known: false,
    code: "computed",
    why: `${variable} cannot be told: ${why}`,
    hint: "Write its value there as one literal text, in quotes, outside of any condition.",
    file,
    line,
  };
}
