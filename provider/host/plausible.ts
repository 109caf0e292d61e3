import { posix } from "node:path";
import type { RawRead } from "./frame";
import { requestLines } from "./request";
import { FILE_LIMIT, SUPERSET } from "./scripts/superset";
import type { ReadRequest } from "./types";

/** More than any machine has of what we look for, and few enough to be looked at one by one. */
const PATHS = 10_000;
const MOUNTS = 10_000;

/**
 * Whether a read answers the request, as our script would: every path that was asked for by name is there, each other one fits a glob, and there
 * are not too many. Throws a sentence.
 */
export function plausible(read: RawRead, request: ReadRequest): void {
  if (read.paths.size > PATHS) throw new Error(`${read.paths.size} paths, more than ${PATHS}`);
  if (read.mountinfo.split("\n", MOUNTS + 1).length > MOUNTS)
    throw new Error(`a mount table of more than ${MOUNTS} lines`);
  const asked = askedFor(request);
  for (const path of asked.named) if (!read.paths.has(path)) throw new Error(`nothing about ${path}`);
  const beside = asked.records.map((record) => posix.dirname(read.paths.get(record)?.real ?? record));
  const changed = new Set(read.changed);
  for (const [path, { kind, real }] of read.paths) {
    const name = read.root + real;
    const small = (read.stats.get(name)?.size ?? 0) <= FILE_LIMIT;
    if (kind === "f" && small && !read.bytes.has(name) && !changed.has(name)) throw new Error(`no contents of ${path}`);
    if (!plain(path) || (real !== "" && !plain(real))) throw new Error(`the path ${path} (${real})`);
    if (asked.named.has(path)) continue;
    if (path.endsWith(".bin") && beside.includes(posix.dirname(path))) continue;
    if (!asked.globs.some((glob) => matches(glob, path))) throw new Error(`${path}, which was not asked for`);
  }
}

interface Asked {
  named: Set<string>;
  /** Globs by their parts. */
  globs: string[][];
  records: string[];
}

/** The lines of scripts/superset.ts, taken apart as scripts/collect.ts does. */
function askedFor(request: ReadRequest): Asked {
  const asked: Asked = { named: new Set(), globs: [], records: [] };
  for (const line of [...SUPERSET, ...requestLines(request).split("\n")]) {
    const [kind, rest] = [line[0], line.slice(2)];
    if (line === "go" || line === "l" || line === "" || kind === "t") continue;
    if (kind === "g" || kind === "G") asked.globs.push(rest.replace("//", "/").split("/"));
    else asked.named.add(rest);
    if (kind === "r") asked.records.push(rest);
  }
  return asked;
}

function plain(path: string): boolean {
  return path.startsWith("/") && path.length <= 4096 && posix.normalize(path) === path;
}

function matches(glob: readonly string[], path: string): boolean {
  const parts = path.split("/");
  return parts.length === glob.length && glob.every((pattern, at) => fits(pattern, parts[at] as string));
}

/**
 * glob(7) in one part of a path, going back to the last star only, so that no name takes long. Lenient where shells differ: a set in brackets
 * fits any character, and a part with a backslash anything.
 */
function fits(pattern: string, name: string): boolean {
  if (pattern.includes("\\")) return true;
  const p = pattern.replace(/\[!?\]?[^\]]*\]/g, "?");
  let [at, star, mark] = [0, -1, 0];
  for (let i = 0; i < name.length; ) {
    if (p[at] === "*") [star, mark, at] = [at, i, at + 1];
    else if (p[at] === "?" || p[at] === name[i]) [at, i] = [at + 1, i + 1];
    else if (star >= 0) [at, i, mark] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(p.slice(at));
}
