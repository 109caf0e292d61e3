import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { folderTarget } from "../../../provider/host/folder";
import { transactScript } from "../../../provider/host/scripts/main";
import { transact } from "../../../provider/host/transaction";
import { temporary } from "../../host/helpers";
import { OWNER, REQUEST, type World } from "./world";

const execute = promisify(execFile);

const DATA = "var/lib/pulumi-acrn";

/** A transaction that was watched: its journal, and the whole tree as of each of its lines. */
export interface Recording {
  journal: string;
  /** `lines[i]` was the last line when `trees[i]` was copied. */
  lines: readonly string[];
  trees: readonly string[];
}

/** Runs the world's change. `hook` is done after each step's copy: what somebody else does meanwhile. */
export async function record(world: World, hook = ""): Promise<Recording> {
  const saved = temporary();
  const script = transactScript(`cp -a "$R" "${saved}/$(wc -l <"$D/journal")"; ${hook}`);
  await world.within(async (root) => {
    const run = transact(folderTarget(root), REQUEST, () => world.changes, OWNER, { script, id: "00ab" });
    await run.catch((error: unknown) => assert.ok(hook, String(error)));
  });
  const trees = readdirSync(saved)
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => join(saved, String(number)));
  const journal = readFileSync(join(trees.at(-1) as string, DATA, "journal"), "utf8");
  return { journal, lines: journal.trimEnd().split("\n"), trees };
}

/** What a power cut leaves: a tree, and of the journal so many bytes. */
export interface PowerCut {
  tree: string;
  /** The line whose tree it is. */
  line: number;
  bytes: number;
}

/**
 * Every byte at which the journal may end. A line is synced before anything else is done, so while it is being written the tree is as of that
 * line. `loses`: also with the trees of all later lines, as a disk leaves it that keeps names and loses bytes that were appended.
 */
export function powerCuts({ lines, trees }: Recording, loses: (line: string) => boolean): PowerCut[] {
  const cuts: PowerCut[] = [];
  let start = 0;
  for (const [at, line] of lines.entries()) {
    const end = start + Buffer.byteLength(line) + 1;
    for (let bytes = start; bytes <= end; bytes++) {
      const last = loses(lines[at - 1] ?? "") ? lines.length - 1 : at;
      for (let of = at; of <= last; of++) cuts.push({ tree: trees[of] as string, line: of, bytes });
    }
    start = end;
  }
  return cuts;
}

/** Lays the tree of a cut into `root`, after another boot: whoever is named in it is dead. `cp -a`: hard links mean something here. */
export async function layCut(root: string, { tree, bytes }: PowerCut): Promise<void> {
  rmSync(root, { recursive: true, force: true });
  await execute("cp", ["-a", tree, root]);
  truncateSync(join(root, DATA, "journal"), bytes);
  for (const file of [join(root, DATA, "lock"), ...runners(root)]) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/^\S+/, "00000000-0000-0000-0000-000000000000"));
  }
}

function runners(root: string): string[] {
  const tx = join(root, DATA, "tx");
  return (existsSync(tx) ? readdirSync(tx) : []).map((id) => join(tx, id, "runner")).filter((file) => existsSync(file));
}
