import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** A file, link or folder of one moment. `id` is its inode, told apart from an earlier one that had the same number. */
export interface Node {
  id: string;
  mode: number;
  /** Bytes of a file, target of a link; names and their inodes for a folder. */
  is: { file: Buffer } | { link: string } | { folder: ReadonlyMap<string, string> };
}

/** A tree of one moment, by inode. */
export interface Moment {
  top: string;
  nodes: ReadonlyMap<string, Node>;
}

/** Names that change together: rename(2) is one change, which a power cut takes or leaves as a whole. */
type Change = { folder: string; name: string; to: string | undefined }[];

/**
 * What POSIX promises of a disk after a power cut, and no more: fsync(2) of a file makes its bytes durable, of a folder its names. Everything
 * later may be there or not: any of the changes of names, in any combination; of each file the durable bytes, the new ones, or, if it was
 * never synced, none.
 */
export class Disk {
  private readonly bytes = new Map<string, Buffer>();
  private readonly names = new Map<string, ReadonlyMap<string, string>>();
  private readonly known = new Map<string, Node>();
  private pending: Change[] = [];

  /** @param now what is durable at the start: all of it */
  constructor(private now: Moment) {
    this.syncAll();
  }

  /** The tree went on to this moment. */
  becomes(next: Moment): void {
    this.pending.push(...changes(this.now, next));
    this.now = next;
    for (const node of next.nodes.values()) this.known.set(node.id, node);
  }

  /** fsync of what these paths are now; sync(2) of everything without any. */
  sync(paths: readonly string[]): void {
    if (paths.length === 0) this.syncAll();
    for (const path of paths) {
      const node = this.at(path);
      if (node) this.syncNode(node);
    }
  }

  /** What is there after a cut now. `luck` is asked for everything that may be so or so: did it reach the disk? */
  after(luck: (what: "names" | "bytes") => boolean): Moment {
    const names = new Map([...this.names].map(([id, entries]) => [id, new Map(entries)]));
    for (const change of this.pending)
      if (luck("names")) for (const { folder, name, to } of change) put(names, folder, name, to);
    const nodes = new Map<string, Node>();
    const visit = (id: string) => {
      const node = this.known.get(id);
      if (!node || nodes.has(id)) return;
      nodes.set(id, this.survivor(node, names.get(id) ?? new Map(), luck));
      for (const child of names.get(id)?.values() ?? []) visit(child);
    };
    visit(this.now.top);
    return { top: this.now.top, nodes };
  }

  private survivor(node: Node, entries: ReadonlyMap<string, string>, luck: (what: "bytes") => boolean): Node {
    if ("folder" in node.is) return { ...node, is: { folder: entries } };
    if ("link" in node.is) return node;
    const durable = this.bytes.get(node.id) ?? Buffer.alloc(0);
    return durable.equals(node.is.file) || luck("bytes") ? node : { ...node, is: { file: durable } };
  }

  private syncAll(): void {
    for (const node of this.now.nodes.values()) {
      this.known.set(node.id, node);
      this.syncNode(node);
    }
  }

  private syncNode(node: Node): void {
    if ("file" in node.is) this.bytes.set(node.id, node.is.file);
    if (!("folder" in node.is)) return;
    this.names.set(node.id, node.is.folder);
    const rest = this.pending.map((change) => change.filter(({ folder }) => folder !== node.id));
    this.pending = rest.filter((change) => change.length > 0);
  }

  private at(path: string): Node | undefined {
    let node = this.now.nodes.get(this.now.top);
    for (const name of path.split("/").filter((part) => part !== ""))
      node = node && "folder" in node.is ? this.now.nodes.get(node.is.folder.get(name) ?? "") : undefined;
    return node;
  }
}

function put(names: Map<string, Map<string, string>>, folder: string, name: string, to: string | undefined): void {
  const entries = names.get(folder) ?? new Map<string, string>();
  names.set(folder, entries);
  if (to === undefined) entries.delete(name);
  else entries.set(name, to);
}

/** Names that appeared or went between two moments; an inode that went here and came there was renamed. */
function changes(before: Moment, after: Moment): Change[] {
  const single: (Change[number] & { from: string | undefined })[] = [];
  for (const id of new Set([...before.nodes.keys(), ...after.nodes.keys()])) {
    const [old, now] = [namesOf(before, id), namesOf(after, id)];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [from, to] = [old.get(name), now.get(name)];
      if (from !== to && after.nodes.has(id)) single.push({ folder: id, name, from, to });
    }
  }
  const renames = single.filter(
    ({ to }) => to !== undefined && single.some((other) => other.to === undefined && other.from === to),
  );
  const sourceOf = (to: string | undefined) => single.filter((other) => other.to === undefined && other.from === to);
  const taken = new Set(renames.flatMap(({ to }) => sourceOf(to)));
  const alone = single.filter((one) => !renames.includes(one) && !taken.has(one)).map((one) => [one]);
  return [...alone, ...renames.map((one) => [...sourceOf(one.to), one])];
}

function namesOf(moment: Moment, id: string): ReadonlyMap<string, string> {
  const node = moment.nodes.get(id);
  return node && "folder" in node.is ? node.is.folder : new Map();
}

/** Reads a folder. `idOf` names the inode of a path (relative, the top as ""). */
export function readMoment(dir: string, idOf: (path: string) => string): Moment {
  const nodes = new Map<string, Node>();
  const visit = (path: string): string => {
    const at = join(dir, path);
    const stat = lstatSync(at);
    const id = idOf(path);
    const is = stat.isSymbolicLink()
      ? { link: readlinkSync(at) }
      : stat.isDirectory()
        ? { folder: new Map(readdirSync(at).map((name) => [name, visit(path === "" ? name : `${path}/${name}`)])) }
        : { file: readFileSync(at) };
    nodes.set(id, { id, mode: stat.mode & 0o7777, is });
    return id;
  };
  return { top: visit(""), nodes };
}

/** Lays a moment down as a folder that is there and empty; an inode with two names is one file. */
export function writeMoment(dir: string, { nodes, top }: Moment): void {
  const laid = new Map<string, string>();
  const visit = (path: string, id: string): void => {
    const node = nodes.get(id);
    if (!node) return;
    const twin = laid.get(id);
    if (twin !== undefined) {
      linkSync(twin, path);
      return;
    }
    if (!("folder" in node.is)) laid.set(id, path);
    if ("link" in node.is) {
      symlinkSync(node.is.link, path);
      return;
    }
    if ("file" in node.is) writeFileSync(path, node.is.file);
    else {
      mkdirSync(path, { recursive: true });
      for (const [name, child] of node.is.folder) visit(join(path, name), child);
    }
    chmodSync(path, node.mode);
  };
  visit(dir, top);
}
