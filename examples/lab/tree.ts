import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** One path of a tree, in all that a program could have changed about it. */
export interface TreeEntry {
  type: "file" | "directory" | "link" | "other";
  /** Permission bits with type, octal. */
  mode: string;
  uid: number;
  gid: number;
  /** Of files only: a folder's size depends on its history. */
  size?: number;
  sha256?: string;
  target?: string;
  mtimeNs: bigint;
  ino: bigint;
}

export type Tree = ReadonlyMap<string, TreeEntry>;

/** What the clock alone changes. */
const CLOCKS = new Set(["proc/uptime"]);

/** Every path under a folder, the folder itself as ".". */
export function snapshotTree(dir: string): Tree {
  const tree = new Map<string, TreeEntry>();
  const walk = (path: string): void => {
    if (CLOCKS.has(path)) return;
    const entry = entryOf(join(dir, path));
    tree.set(path, entry);
    if (entry.type !== "directory") return;
    for (const name of readdirSync(join(dir, path)).sort()) walk(path === "." ? name : `${path}/${name}`);
  };
  walk(".");
  return tree;
}

function entryOf(path: string): TreeEntry {
  const stat = lstatSync(path, { bigint: true });
  const common = {
    mode: stat.mode.toString(8),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: stat.mtimeNs,
    ino: stat.ino,
  };
  if (stat.isDirectory()) return { type: "directory", ...common };
  if (stat.isSymbolicLink()) return { type: "link", ...common, target: readlinkSync(path) };
  if (!stat.isFile()) return { type: "other", ...common };
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return { type: "file", ...common, size: Number(stat.size), sha256 };
}

export interface DiffOptions {
  /** Also compare times and inodes: true proves that nothing was written at all, false that everything is as it was. */
  times: boolean;
}

/** The differences, a sentence each, sorted by path; none means equal. */
export function diffTrees(before: Tree, after: Tree, { times }: DiffOptions): string[] {
  const differences: string[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (!old) differences.push(`${path}: appeared (${now?.type})`);
    else if (!now) differences.push(`${path}: disappeared (${old.type})`);
    else differences.push(...diffEntries(old, now, times).map((text) => `${path}: ${text}`));
  }
  return differences;
}

const CONTENT = ["type", "mode", "uid", "gid", "size", "sha256", "target"] as const;
const HISTORY = ["mtimeNs", "ino"] as const;

function diffEntries(old: TreeEntry, now: TreeEntry, times: boolean): string[] {
  const fields = times ? [...CONTENT, ...HISTORY] : CONTENT;
  return fields.filter((field) => old[field] !== now[field]).map((field) => `${field} ${old[field]} => ${now[field]}`);
}
