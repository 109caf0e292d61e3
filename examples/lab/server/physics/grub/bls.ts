import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions } from "./kernels";
import type { MenuEntry } from "./menu";
import { expand } from "./words";

/** A snippet of the Boot Loader Specification, type 1: keys with their values, in order; some keys may repeat. */
export interface Snippet {
  /** The file's name without its end: what an entry is called by. */
  id: string;
  values(key: string): string[];
}

export const SNIPPETS = "/boot/loader/entries";

/** Newest first, as GRUB's blscfg sorts file names [Fedora's grub2, grub-core/commands/blscfg.c: bls_cmp, split_cmp]. */
export function snippets(dir: string): Snippet[] {
  const folder = join(dir, SNIPPETS);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".conf")) : [];
  return names
    .map((name) => readSnippet(name.replace(/\.conf$/, ""), readFileSync(join(folder, name), "utf8")))
    .sort((a, b) => compareVersions(b.id, a.id));
}

export function readSnippet(id: string, text: string): Snippet {
  const lines = text.split("\n").flatMap((line) => {
    const [, key, value] = /^\s*([^\s#]\S*)\s+(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return { id, values: (wanted) => lines.flatMap(([key, value]) => (key === wanted ? [value] : [])) };
}

/** What blscfg makes of them: variables of the environment block are put into the options, those that are not there vanish. */
export function snippetEntries(dir: string, variables: ReadonlyMap<string, string>): MenuEntry[] {
  const known = Object.fromEntries(variables);
  return snippets(dir).flatMap(({ id, values }) => {
    const [kernel] = values("linux");
    if (kernel === undefined) return [];
    const options = values("options").map((text) => expand(text, known));
    const initrds = values("initrd").map((text) => expand(text, known).trim());
    const lines = [
      ["linux", kernel, ...options].join(" "),
      ...(initrds.length > 0 ? [["initrd", ...initrds].join(" ")] : []),
    ];
    return [{ title: values("title")[0] ?? id, id, lines }];
  });
}
