import type { Snapshot } from "../core/snapshot";
import { SUPERSET } from "../host/scripts/superset";

/** `/a*b` as a shell's glob: a star stands for anything but a slash, and not for a dot at the start of a name. */
function globOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("/*", "/(?!\\.)[^/]*").replaceAll("*", "[^/]*")}$`);
}

/** Every glob of the read whose files come with their text (host/scripts/superset.ts). */
const GLOBS = SUPERSET.flatMap((line) => (line.startsWith("g ") ? globOf(line.slice(2).replace("//", "/")) : []));

/** Did the read look for this path? A path below one of its globs that is not among the files is not there. */
export function lookedFor(snapshot: Snapshot, path: string, scripts: readonly string[] = []): boolean {
  return snapshot.files.has(path) || [...GLOBS, ...scripts.map(globOf)].some((glob) => glob.test(path));
}
