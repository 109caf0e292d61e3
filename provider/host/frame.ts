import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { FILE_LIMIT } from "./scripts/superset";
import { isMangled, noWays, takeWay, type Ways } from "./ways";

/** One file as `stat -c` saw it. */
export interface Stat {
  size: number;
  type: number;
  mode: string;
  uid: number;
  gid: number;
  mtime: number;
  inode: string;
  links: number;
}

/** One read as the script framed it (scripts/collect.ts), sorted, sizes and hashes checked. */
export interface RawRead extends Ways {
  root: string;
  /** By path: what it is and where symbolic links end. `f` read, `h` hashed, `u` unreadable, `o` other, `a` absent. */
  paths: Map<string, { kind: string; real: string }>;
  /** By real place, with the root in front; so are the next three. */
  stats: Map<string, Stat>;
  /** The stat lines as they came: two names that are no UTF-8 may have become one. */
  sizes: [name: string, size: number][];
  sha256: Map<string, string>;
  md5: Map<string, string>;
  bytes: Map<string, Uint8Array>;
  texts: Map<string, string>;
  commands: Set<string>;
  warnings: string[];
  mountinfo: string;
  /** Whether the contents have come. */
  filled: boolean;
  /** Real places whose bytes fit neither size nor hash: they changed while they were read. */
  changed: string[];
}

/** The total of a read's contents that we are willing to hold: 64 MiB. */
const CONTENT_LIMIT = 64 * 1024 * 1024;

const TYPES: Record<string, RegExp> = {
  stat: /^s (\d{1,15}) ([0-9a-f]{1,8}) ([0-7]{1,5}) (\d{1,10}) (\d{1,10}) (-?\d{1,12}) (\d{1,20}) (\d{1,10}):(.+)$/s,
  hash: /^(\\?)([0-9a-f]{64}|[0-9a-f]{32}) [ *](.+)$/s,
  path: /^([fhuoa]) (\/.*?)\/\/(.*)$/s,
};

/** Takes the lines between `read` and `end read` apart. Throws a sentence (not an AcrnError) on anything the script would not say. */
export function parseRead(lines: readonly string[]): RawRead {
  const read = empty();
  const queue = [...lines].reverse();
  const first = queue.pop() ?? "";
  if (!first.startsWith("read ")) throw new Error("no read line");
  read.root = first.slice(5);
  for (let line = queue.pop(); line !== undefined; line = queue.pop()) {
    const number = lines.length - queue.length;
    try {
      if (line === "body") fill(read, block(queue));
      else if (line.startsWith("p ")) process(read, line.slice(2), block(queue));
      else if (line !== "") one(read, line);
    } catch (error) {
      throw new Error(`line ${number}: ${(error as Error).message}`, { cause: error });
    }
  }
  return read;
}

function empty(): RawRead {
  return {
    root: "",
    paths: new Map(),
    stats: new Map(),
    sizes: [],
    sha256: new Map(),
    md5: new Map(),
    bytes: new Map(),
    ...noWays(),
    texts: new Map(),
    commands: new Set(),
    warnings: [],
    mountinfo: "",
    filled: false,
    changed: [],
  };
}

/** Base64 lines up to a dot. */
function block(queue: string[]): Buffer {
  const parts: string[] = [];
  for (let line = queue.pop(); line !== "."; line = queue.pop()) {
    if (line === undefined || !/^[A-Za-z0-9+/=]*$/.test(line)) throw new Error("contents that are not base64");
    parts.push(line);
  }
  return Buffer.from(parts.join(""), "base64");
}

function one(read: RawRead, line: string): void {
  const stat = TYPES.stat?.exec(line);
  const hash = TYPES.hash?.exec(line);
  const path = TYPES.path?.exec(line);
  const word = line.slice(2).split(" ", 1)[0] ?? "";
  if (stat) {
    const [, size, type, mode, uid, gid, mtime, inode, links, name] = stat as unknown as string[];
    read.sizes.push([name as string, Number(size)]);
    read.stats.set(name as string, {
      size: Number(size),
      type: Number.parseInt(type as string, 16),
      mode: (mode as string).padStart(4, "0"),
      uid: Number(uid),
      gid: Number(gid),
      mtime: Number(mtime),
      inode: inode as string,
      links: Number(links),
    });
  } else if (hash) {
    // coreutils escapes backslashes in names and says so by one in front (sha256sum manual)
    const [, escaped, digest = "", name = ""] = hash;
    (digest.length === 64 ? read.sha256 : read.md5).set(escaped ? name.replaceAll("\\\\", "\\") : name, digest);
  } else if (path) {
    read.paths.set(path[2] as string, { kind: path[1] as string, real: path[3] as string });
  } else if (takeWay(read, line)) {
    return;
  } else if (line.startsWith("T ")) {
    read.texts.set(line.slice(2), "");
  } else if (line.startsWith("t ") && word) {
    const before = read.texts.get(word);
    const text = line.slice(3 + word.length);
    read.texts.set(word, before ? `${before}\n${text}` : text);
  } else if (line.startsWith("c ")) {
    read.commands.add(word);
  } else if (line.startsWith("w ")) {
    read.warnings.push(line.slice(2));
  } else {
    throw new Error(JSON.stringify(line.slice(0, 80)));
  }
}

/** The arguments of one process, NULs as they are; kept when it is acrn-dm itself and not something that names it. */
function process(read: RawRead, pid: string, cmdline: Buffer): void {
  if (!/^\d{1,10}$/.test(pid)) throw new Error("a process that is not a number");
  const name = cmdline.subarray(0, Math.max(0, cmdline.indexOf(0))).toString("utf8");
  if (name.slice(name.lastIndexOf("/") + 1) !== "acrn-dm") return;
  read.texts.set(`proc/${pid}/cmdline`, cmdline.toString("utf8"));
  const pids = read.texts.get("acrn-dm");
  read.texts.set("acrn-dm", pids ? `${pids} ${pid}` : pid);
}

/** Cuts the contents by the sizes of the stat lines, in their order; the mount table is what remains. */
function fill(read: RawRead, packed: Buffer): void {
  // each would be held whole, up to the limit
  if (read.filled) throw new Error("contents for a second time");
  read.filled = true;
  const all = gunzipSync(packed, { maxOutputLength: CONTENT_LIMIT });
  const wanted = new Set([...read.paths.values()].filter((p) => p.kind === "f").map((p) => read.root + p.real));
  let at = 0;
  for (const [name, size] of read.sizes) {
    if (!wanted.has(name) || size > FILE_LIMIT) continue;
    const bytes = all.subarray(at, at + size);
    at += size;
    if (bytes.length === size && createHash("sha256").update(bytes).digest("hex") === read.sha256.get(name))
      read.bytes.set(name, bytes);
    else if (!isMangled(name)) read.changed.push(name);
  }
  for (const name of wanted) if (!read.stats.has(name)) read.changed.push(name);
  read.mountinfo = all.subarray(Math.min(at, all.length)).toString("utf8");
}
