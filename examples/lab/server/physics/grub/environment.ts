import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** GRUB's environment block: 1024 bytes, so that GRUB can write it in place [grub-core/lib/envblk.c, include/grub/lib/envblk.h]. */
const SIGNATURE = "# GRUB Environment Block\n";
const SIZE = 1024;

/** @throws with GRUB's words where the file is no block */
export function readEnvironment(path: string): Map<string, string> {
  const text = readFileSync(path, "latin1");
  if (!text.startsWith(SIGNATURE)) throw new Error("invalid environment block");
  const found = new Map<string, string>();
  // a line that begins with # is padding; a backslash takes the next character as it is, also a newline
  for (const [line] of text.slice(SIGNATURE.length).matchAll(/(?:\\[\s\S]|[^\\\n])+\n/g)) {
    const [, name, value] = /^([^#=][^=]*)=([\s\S]*)\n$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) found.set(name, value.replace(/\\([\s\S])/g, "$1"));
  }
  return found;
}

export function writeEnvironment(path: string, variables: ReadonlyMap<string, string>): void {
  const lines = [...variables].map(([name, value]) => `${name}=${value.replace(/[\\\n]/g, "\\$&")}\n`);
  const text = SIGNATURE + lines.join("");
  if (Buffer.byteLength(text, "latin1") > SIZE) throw new Error("environment block too small");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.padEnd(SIZE, "#"), "latin1");
}

/** What a program that asks first and then writes has: the block, made where there is none (grub-editenv.c, open_envblk_file). */
export function changeEnvironment(path: string, change: (variables: Map<string, string>) => void): void {
  const variables = existsSync(path) ? readEnvironment(path) : new Map<string, string>();
  change(variables);
  writeEnvironment(path, variables);
}
