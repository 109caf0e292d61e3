import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { AcrnError } from "../core/errors";
import type { Snapshot } from "../core/snapshot";
import { swapOrder } from "./order";
import type { FileChange } from "./types";

/** What goes over the link for one transaction: the line that announces it, and the bytes. */
export interface Payload {
  header: string;
  wire: string;
}

const ON_FAT = / is (vfat|msdos|exfat|fuse\S*)$/;

/** A change with its new hash, `absent` for a removal, and how it is written. */
export interface Entry {
  change: FileChange;
  after: string;
  how: "rename" | "in-place";
  /** Where symbolic links end: written there, or not at all should they end elsewhere by then. @default the path */
  place?: string;
}

/**
 * Checks the changes against the fresh read and puts them in the order of the swaps (order.ts). Changes that change nothing are dropped.
 */
export function entriesOf(changes: readonly FileChange[], fresh: Snapshot): Entry[] {
  const places = new Map<string, string>();
  const entries: Entry[] = [];
  for (const change of swapOrder(changes)) {
    const after = change.after === null ? "absent" : createHash("sha256").update(change.after).digest("hex");
    const entry = { change, after, how: howOf(change, fresh, places) };
    const place = fresh.files.get(change.path)?.realPath;
    if (after !== change.before) entries.push(place === undefined ? entry : { ...entry, place });
  }
  return entries;
}

function howOf(change: FileChange, fresh: Snapshot, places: Map<string, string>): Entry["how"] {
  const { path, before, mode = "0644" } = change;
  const state = fresh.files.get(path);
  if (!state) throw new Error(`${path} is written but was not asked for: name it in ReadRequest.files`);
  if (!/^([0-9a-f]{64}|absent)$/.test(before) || !/^0?[0-7]{3,4}$/.test(mode))
    throw new Error(`${path}: bad hash or mode`);
  // FAT knows no upper and lower case in names, and refuses no second spelling
  const spelled = state.realPath ?? path;
  const place = state.strategy?.how === "in-place" && ON_FAT.test(state.strategy.why) ? spelled.toLowerCase() : spelled;
  const twin = places.get(place);
  if (twin) throw new Error(`${path} and ${twin} are the same file: one transaction writes it once`);
  places.set(place, path);
  const how = state.strategy ?? { how: "rename" };
  if (how.how === "refused") throw refused(path, how.why);
  if (how.how === "in-place" && change.after === null && /mount point/.test(how.why)) throw refused(path, how.why);
  return how.how;
}

function refused(path: string, why: string): AcrnError {
  return new AcrnError("write.refused", `${path} cannot be written: ${why}; nothing was changed`, {
    hint: "Make it writable, or manage this machine by the means that own the file.",
  });
}

/** Numbers, hashes, offsets, a slash that keeps a blank at a path's end, and after them the contents: what `each` and `take` of scripts/commit.ts read. */
export function payloadOf(id: string, entries: readonly Entry[]): Payload {
  const lines: string[] = [];
  const contents: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) offset += add(entry, entry.change);
  function add({ after, how, place }: Entry, { path, before, after: bytes, mode = "0644" }: FileChange): number {
    const size = bytes?.length ?? 0;
    lines.push(`${lines.length + 1} ${how} ${before} ${mode} ${after} ${size} ${offset} ${place ?? path}/\n`);
    if (bytes) contents.push(bytes);
    return size;
  }
  // The script seeks in entries and contents together.
  const sized = shift(lines);
  const packed = gzipSync(Buffer.concat([Buffer.from(sized.text), ...contents])).toString("base64");
  const wire = packed.replace(/.{1,76}/g, "$&\n");
  const sha = createHash("sha256").update(wire).digest("hex");
  return { header: `tx ${id} ${wire.length} ${sha} ${sized.size}\n`, wire };
}

/** Offsets that count from the start of the contents, made to count from the start of the whole: adding may lengthen the lines. */
function shift(lines: readonly string[]): { text: string; size: number } {
  let text = lines.join("");
  for (let size = -1; size !== Buffer.byteLength(text); ) {
    size = Buffer.byteLength(text);
    text = lines
      .map((line) => line.replace(/^((?:\S+ ){6})(\d+)/, (_, head, at) => `${head}${Number(at) + size}`))
      .join("");
  }
  return { text, size: Buffer.byteLength(text) };
}
