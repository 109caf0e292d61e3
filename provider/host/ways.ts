/** What the read says about the ways to the files (scripts/collect.ts, SORT): who else could change where they lead. */
export interface Ways {
  /** Directories, with the root in front, that others than root and we may write to. */
  shared: Map<string, Writers>;
  /** By path: the directories in which symbolic links were followed, without the root. */
  links: Map<string, string[]>;
  /** Paths of files that not even root may write to. */
  immutable: Set<string>;
}

/** Who may write to a directory: owner, group, permission bits. */
export interface Writers {
  uid: number;
  gid: number;
  mode: number;
}

const SHARED = /^d (\d{1,10}) (\d{1,10}) ([0-7]{1,5}):(.*)$/s;
const LINK = /^k (\/.*?)\/\/(.*)$/s;

export const noWays = (): Ways => ({ shared: new Map(), links: new Map(), immutable: new Set() });

/** Takes a line, if it is one about a way. */
export function takeWay(ways: Ways, line: string): boolean {
  const shared = SHARED.exec(line);
  const link = LINK.exec(line);
  if (shared) {
    const [, uid, gid, mode = "", name = ""] = shared;
    ways.shared.set(name, { uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 8) });
  } else if (link) {
    const [, path = "", directory = ""] = link;
    ways.links.set(path, [...(ways.links.get(path) ?? []), directory]);
  } else if (line.startsWith("i /")) {
    ways.immutable.add(line.slice(2));
  } else {
    return false;
  }
  return true;
}

/** The file at the end of a way. */
export interface Reached {
  path: string;
  /** Where it really is, without the root. */
  real: string;
  kind: "file" | "absent" | "unreadable" | "other";
  uid: number | undefined;
  links: number;
}

/**
 * Why root must not write there, or undefined. Whoever may write to a directory on the way can lead the way elsewhere at any moment. One case is
 * let through, since launch scripts are kept in homes: everything that is not root's belongs to one user, the file too. Then the transaction
 * works from inside a directory of its own (scripts/entries.ts), and what that user could change is only what is theirs.
 */
export function distrust(ways: Ways, root: string, file: Reached): string | undefined {
  const parent = file.real.slice(0, file.real.lastIndexOf("/"));
  const links = ways.links.get(file.path) ?? [];
  const shared = [parent, ...links].flatMap(ancestors).flatMap((directory) => {
    const writers = ways.shared.get(root + directory);
    return writers ? [{ directory: directory || "/", ...writers }] : [];
  });
  const open = shared.find(({ mode, uid, gid }) => mode & 0o002 || (mode & 0o020 && gid !== 0 && gid !== uid));
  if (open)
    return `${open.mode & 0o002 ? "everybody" : `group ${open.gid}`} may write to ${open.directory}, and could lead root elsewhere`;
  // writable for root's own group, or for a user's private group (same number): the owner says it all
  const foreign = shared.filter(({ uid }) => uid !== 0);
  const [first] = foreign;
  if (!first) return undefined;
  const owner = `${first.directory} belongs to user ${first.uid}`;
  if (foreign.some(({ uid }) => uid !== first.uid))
    return `${owner}, and another directory on the way to somebody else`;
  // a link of root's own into a home is as good as the path that it stands for
  const led = links.flatMap(ancestors).find((directory) => foreign.some((one) => one.directory === directory));
  if (led !== undefined) return `${owner}, and a symbolic link in ${led} leads on`;
  if (file.kind === "absent")
    return ways.shared.has(root + parent) ? undefined : `${owner}, and nothing can safely be made below it`;
  if (file.uid !== first.uid) return `${owner}, but the file does not`;
  return file.links > 1 ? `${owner}, and the file has ${file.links} hard links` : undefined;
}

function ancestors(directory: string): string[] {
  const all = [directory];
  for (let at = directory; at !== ""; all.push(at)) at = at.slice(0, at.lastIndexOf("/"));
  return all;
}

/** A name that was no UTF-8: what was decoded is another name, which must not be written to. */
export function isMangled(name: string): boolean {
  return name.includes("\ufffd");
}
