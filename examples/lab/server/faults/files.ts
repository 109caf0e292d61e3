import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { tool } from "./unavailable";

/** Undoes what was done to a tree. */
export type Undo = () => void;

/** Preparations of one file of a host's tree. `path` is the host's, `/etc/default/grub`. */

/** The file stands elsewhere, and a link leads there: relative, or absolute as the host sees it. */
export function symlinked(dir: string, path: string, { absolute = false, to = "/srv/linked" } = {}): void {
  const name = join(to, path.replaceAll("/", "_"));
  mkdirSync(join(dir, to), { recursive: true });
  renameSync(join(dir, path), join(dir, name));
  symlinkSync(absolute ? name : relative(dirname(path), name), join(dir, path));
}

/** The file has a second name. */
export function hardLinked(dir: string, path: string, twin: string): void {
  mkdirSync(dirname(join(dir, twin)), { recursive: true });
  linkSync(join(dir, path), join(dir, twin));
}

/** An entry for a user of its own in the access control list, acl(5). Needs setfacl(1). */
export function withAcl(dir: string, path: string, entry = "u:12345:rw"): void {
  tool("setfacl", "-m", entry, join(dir, path));
}

/** An extended attribute, xattr(7). Needs setfattr(1), and a file system that keeps user attributes (tmpfs does from Linux 6.6 on). */
export function withXattr(dir: string, path: string, name = "user.lab", value = "kept"): void {
  tool("setfattr", "-n", name, "-v", value, join(dir, path));
}

/** No write, not even root's (chattr(1) +i). Needs root and a file system that knows it. */
export function immutable(dir: string, path: string): Undo {
  tool("chattr", "+i", join(dir, path));
  return () => tool("chattr", "-i", join(dir, path));
}

/** A text instead of the file, as a careless hand leaves it. */
export function overwritten(dir: string, path: string, text: string): Undo {
  const place = join(dir, path);
  const before = existsSync(place) ? readFileSync(place) : undefined;
  writeFileSync(place, text);
  return () => (before ? writeFileSync(place, before) : rmSync(place));
}
