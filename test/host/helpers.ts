import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FolderShell } from "../../provider/host/folder";
import type { FileChange, ReadRequest } from "../../provider/host/types";

export const NOTHING: ReadRequest = { scripts: [], files: [] };

const made: string[] = [];

/** A folder that is gone after the test run; in memory where that can be had, since every step of a transaction is synced. */
export function temporary(): string {
  const path = realpathSync(mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "acrn-host-")));
  made.push(path);
  return path;
}

process.once("exit", () => {
  for (const path of made.splice(0))
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // a mount or a script that outlived a failed test; the others still go
    }
});

/** A tree from `path: content`, `path -> target`, `path 0600: content` (a mode behind a blank and `@`). */
export function tree(spec: Record<string, string>): string {
  const root = temporary();
  for (const [key, value] of Object.entries(spec)) {
    const [name = "", mode] = key.split(" @");
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (value.startsWith("-> ")) symlinkSync(value.slice(3), path);
    else writeFileSync(path, value);
    if (mode) chmodSync(path, Number.parseInt(mode, 8));
  }
  return root;
}

/** Everything that can be told about a tree, a line a file. `exact`: with mtimes and inodes. */
export function listing(root: string, exact = false): string[] {
  const lines: string[] = [];
  const visit = (path: string) => {
    const stat = lstatSync(join(root, path));
    const kind = stat.isSymbolicLink() ? `-> ${readlinkSync(join(root, path))}` : stat.isDirectory() ? "dir" : "file";
    const content = stat.isFile() ? JSON.stringify(readFileSync(join(root, path), "latin1")) : "";
    const more = exact ? ` ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}` : "";
    lines.push(`${path || "/"} ${kind} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid} ${content}${more}`);
    if (stat.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
  };
  visit("");
  return lines;
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A change from one text to another; null is no file. */
export function change(path: string, before: string | null, after: string | null, mode?: string): FileChange {
  const base = {
    path,
    before: before === null ? "absent" : sha256(before),
    after: after === null ? null : Buffer.from(after),
  };
  return mode ? { ...base, mode } : base;
}

/** The shells that the scripts must run under: dash and bash with coreutils, busybox ash with nothing but its applets. */
export function shells(): { name: string; shell: FolderShell | undefined }[] {
  const [dash, bash, busybox] = ["/bin/dash", "/bin/bash", "/bin/busybox"].map((path) =>
    existsSync(path) ? path : undefined,
  );
  return [
    { name: "dash", shell: dash ? { shell: dash, path: only("sh", dash) } : undefined },
    { name: "bash", shell: bash ? { shell: bash, path: only("sh", bash) } : undefined },
    {
      name: "busybox",
      shell: busybox
        ? { shell: busybox === undefined ? "" : join(applets(busybox), "sh"), path: applets(busybox) }
        : undefined,
    },
  ];
}

/** PATH with one program under a name of our choice in front. */
function only(name: string, program: string): string {
  const folder = temporary();
  symlinkSync(program, join(folder, name));
  return `${folder}:/usr/bin:/bin`;
}

let appletFolder: string | undefined;

function applets(busybox: string): string {
  if (appletFolder) return appletFolder;
  appletFolder = temporary();
  for (const name of execFileSync(busybox, ["--list"], { encoding: "utf8" }).split("\n"))
    if (name && name !== "busybox") symlinkSync(busybox, join(appletFolder, name));
  return appletFolder;
}
