import type { Shell } from "./shell";

/**
 * GRUB's own: it notes there what it boots next, and leaves the name without a value once it has taken it
 * [util/grub.d/00_header.in].
 */
const GRUB_S_OWN = "boot/grub/grubenv";

/** Everything below /etc and /boot, and what is left of ours: by path its kind, mode and owner, and of a file its bytes' hash. */
export async function treeOf(shell: Shell): Promise<ReadonlyMap<string, string>> {
  const out = await shell.run(`cd / &&
    find etc boot var/lib/pulumi-acrn ! -path ${GRUB_S_OWN} -printf '%p\\t%y %m %U:%G %l\\n' 2>/dev/null
    echo
    find etc boot var/lib/pulumi-acrn -type f ! -path ${GRUB_S_OWN} -exec sha256sum {} + 2>/dev/null; :`);
  const [kinds = "", hashes = ""] = out.split("\n\n");
  const hash = new Map(hashes.split("\n").map((line) => [line.slice(66), line.slice(0, 64)]));
  return new Map(
    kinds.split("\n").map((line) => {
      const [path = "", kind = ""] = line.split("\t");
      return [path, `${kind} ${hash.get(path) ?? ""}`.trim()];
    }),
  );
}

/** Paths that are not as they were, sorted. */
export function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort()
    .map((path) => `${path}: ${before.get(path) ?? "(absent)"} -> ${after.get(path) ?? "(absent)"}`);
}
