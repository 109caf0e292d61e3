import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { draftOf } from "../../../provider/converge/draft";
import { factsFrom } from "../../../provider/converge/facts";
import { folderTarget } from "../../../provider/host/folder";
import { readSnapshot } from "../../../provider/host/snapshot";
import type { Random } from "../random";
import { once } from "../seeds";
import type { Target } from "../target";
import { machines } from "./machine-seeds";

/** A tree as a list: what a path is, and what of. Kinds: file, link, folder. */
type Tree = [path: string, kind: "file" | "link" | "folder", what: string][];

const PLACES = [
  ...[
    "/var/lib/pulumi-acrn/ledger.json",
    "/var/lib/pulumi-acrn/journal",
    "/var/lib/pulumi-acrn/scenario.xml",
    "/usr/share/acrn/board.xml",
  ],
  ...[
    "/usr/share/acrn/scenario.xml",
    "/boot/acrn-3.3.bin",
    "/etc/default/grub",
    "/etc/default/grub.d/x.cfg",
    "/root/a launch.sh",
    "/root/launch\n.sh",
  ],
  ...[
    "/root/acrn-work/\x1b[2J.sh",
    "/root/acrn-work/-rf.sh",
    "/root/acrn-work/$(touch x).sh",
    "/root/acrn-work/'.sh",
    "/home/é/acrn-work/*.sh",
    "/root/acrn-work/a//b.sh",
  ],
  ...[
    "/etc/machine-id",
    "/usr/share/acrn",
    "/boot",
    "/var/lib/pulumi-acrn/images/a/b",
    "/usr/share/acrn/launch-scripts/a/b/\\.sh",
  ],
];
const LINKS = ["/", ".", "..", "self", "/etc/x", "../../../../../../etc/x", "/nonexistent", "a\nb", "/usr/share/acrn"];

function tree(random: Random): Tree {
  const base = Object.entries(random.pick(machines())).filter(
    ([path]) => !path.startsWith("/proc") && random.below(8) > 0,
  );
  const made: Tree = base.map(([path, text]) => [path, "file", text]);
  for (let left = 1 + random.below(5); left > 0; left--) {
    const kind = random.pick(["file", "link", "link", "folder"] as const);
    made.unshift([
      random.pick(PLACES),
      kind,
      kind === "link" ? random.pick(LINKS) : random.pick(["", "x\n", "\0\xff", "y".repeat(9000)]),
    ]);
  }
  return made;
}

/** One place for all trees of a thread, because errors name it; the watchdog removes it. */
const base = once(() => mkdtempSync(join(tmpdir(), "tree-")));

/** A folder that holds somebody's tree, read by the real script: links anywhere, folders for files, names that a shell would obey. */
export const folderTree: Target = {
  name: "folder's tree",
  runs: 60,
  make: (random) => Buffer.from(JSON.stringify(tree(random))),
  run: async (input) => {
    const root = join(base(), "tree");
    mkdirSync(root);
    try {
      write(root, JSON.parse(input.toString()) as Tree);
      const snapshot = await readSnapshot(folderTarget(root), { scripts: ["/root/*.sh"], files: [] });
      factsFrom(draftOf(snapshot, { connection: { root } }));
      // Owner, times and inodes are the run's, not the tree's.
      return [...snapshot.files].map(([path, { kind, realPath, sha256 }]) => [path, kind, realPath, sha256]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

/** What cannot be made where something else is already stays away; and nothing is written through a link that leads out of the root. */
function write(root: string, entries: Tree): void {
  for (const [path, kind, what] of entries) {
    const at = join(root, path);
    try {
      if (!inside(root, dirname(at))) continue;
      mkdirSync(kind === "folder" ? at : dirname(at), { recursive: true });
      if (kind === "link") symlinkSync(what === "self" ? at : what, at);
      if (kind === "file") writeFileSync(at, what, { flag: "wx" });
    } catch (error) {
      if (!/^(EEXIST|ENOTDIR|EISDIR|ELOOP|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

/** Whether the part of a path that is there has its real place in the root. */
function inside(root: string, path: string): boolean {
  for (let at = path; at.length > root.length; at = dirname(at))
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  return path === root || path.startsWith(`${root}/`);
}
