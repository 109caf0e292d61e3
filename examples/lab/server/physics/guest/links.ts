import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Where a path of the machine really leads: absolute links are the machine's own, so following them by the file system would lead out of its tree. */
export function resolveIn(dir: string, path: string, hops = 0): string {
  const parts = normalize(`/${path}`).split("/").filter(Boolean);
  let done = "";
  for (let at = 0; at < parts.length; at++) {
    const next = `${done}/${parts[at]}`;
    const target = linkAt(join(dir, next));
    if (target === undefined) {
      done = next;
      continue;
    }
    if (hops > 20) return path;
    const to = target.startsWith("/") ? target : join(dirname(next), target);
    return resolveIn(dir, join(to, ...parts.slice(at + 1)), hops + 1);
  }
  return done || "/";
}

export function linkAt(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The text behind a path of the machine; undefined: there is none. */
export function readThrough(dir: string, path: string): string | undefined {
  try {
    return readFileSync(join(dir, resolveIn(dir, path)), "utf8");
  } catch {
    return undefined;
  }
}
