import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../core/errors";
import type { FileState, MachineIdentity, Snapshot } from "../core/snapshot";
import { badFrame } from "./errors";
import { FolderTransport } from "./folder";
import { parseRead, type RawRead } from "./frame";
import { JOURNAL, journalNote } from "./journal";
import { harmless } from "./launch";
import { plausible } from "./plausible";
import { requestLines } from "./request";
import { readScript } from "./scripts/main";
import { FILE_LIMIT } from "./scripts/superset";
import { Session, type SessionOptions } from "./session";
import { parseMountinfo, strategyOf } from "./strategy";
import type { ReadRequest, Target } from "./types";
import { distrust, isMangled } from "./ways";

/** So many warnings are told; a list without end is no help. */
const WARNINGS = 20;

/** A file that changes under the read is read again so often. */
const AGAIN = 2;
/** While a transaction is open its journal grows with each step, and the files change one after the other: that passes. In milliseconds. */
const OPEN = { again: 50, pause: 100 };

/** One read of a machine: one exec, nothing written. */
export async function readSnapshot(target: Target, request: ReadRequest, options?: SessionOptions): Promise<Snapshot> {
  const lines = requestLines(request);
  const session = await Session.start(target, readScript(), options);
  try {
    session.send(lines);
    return await receiveSnapshot(session, target, request);
  } finally {
    await session.close();
  }
}

/** Takes one snapshot off a session that is about to send it, asking again while files change. */
export async function receiveSnapshot(session: Session, target: Target, request: ReadRequest): Promise<Snapshot> {
  for (let [left, open] = [AGAIN, OPEN.again]; ; ) {
    const raw = await receive(session, request);
    const [name] = raw.changed;
    if (name === undefined) return toSnapshot(raw, target);
    const under = raw.paths.get(JOURNAL)?.kind !== "a" && open-- > 0;
    if (under) await sleep(OPEN.pause);
    else if (left-- === 0)
      throw new AcrnError("host.busy-file", `${session.label}: ${harmless(name)} changed each time it was read`, {
        hint: "Something writes it all the time, or its size is not what the file system says. Nothing was changed.",
      });
    session.send("again\n");
  }
}

async function receive(session: Session, request: ReadRequest): Promise<RawRead> {
  const lines: string[] = [];
  for (let line = await session.line(); line !== "end read"; line = await session.line()) lines.push(line);
  try {
    const read = parseRead(lines);
    plausible(read, request);
    return read;
  } catch (error) {
    throw badFrame(session.label, error instanceof Error ? error.message : String(error));
  }
}

/** What was read, in the words of the core. */
export function toSnapshot(raw: RawRead, target: Target): Snapshot {
  const folder = target.transport instanceof FolderTransport ? target.transport : undefined;
  const files = new Map<string, FileState>();
  const warnings = raw.warnings.map((warning) => harmless(warning));
  const context = {
    mounts: parseMountinfo(raw.mountinfo),
    machine: !folder && raw.root === "",
    ostree: raw.texts.get("run/ostree-booted") === "present",
  };
  for (const path of [...raw.paths.keys()].sort()) files.set(path, stateOf(path, raw, context, warnings));
  const open = journalNote(files.get(JOURNAL));
  if (open) warnings.push(open);
  const texts = new Map(folder ? [] : raw.texts);
  for (const [path, { real }] of raw.paths) {
    // dpkg's lists are of MD5: what was read whole is summed here, images were summed there.
    const bytes = files.get(path)?.bytes;
    const md5 = bytes ? createHash("md5").update(bytes).digest("hex") : raw.md5.get(raw.root + real);
    if (md5) texts.set(`md5:${path}`, md5);
  }
  const identity = folder ? folderIdentity(raw, folder) : liveIdentity(raw);
  return {
    identity,
    kind: folder ? "folder" : "live",
    files,
    texts,
    commands: folder ? new Set() : raw.commands,
    warnings: few(warnings),
  };
}

function few(warnings: readonly string[]): string[] {
  const more = warnings.length - WARNINGS;
  return more > 0 ? [...warnings.slice(0, WARNINGS), `... and ${more} more warnings like these.`] : [...warnings];
}

type Context = Pick<Parameters<typeof strategyOf>[0], "mounts" | "machine" | "ostree">;

function stateOf(path: string, raw: RawRead, context: Context, warnings: string[]): FileState {
  const { kind: how, real } = raw.paths.get(path) as { kind: string; real: string };
  const name = raw.root + real;
  const stat = raw.stats.get(name);
  const kinds: Record<string, FileState["kind"]> = { f: "file", h: "file", u: "unreadable", a: "absent" };
  let kind = kinds[how] ?? "other";
  if (how === "f" && stat && stat.size > FILE_LIMIT) {
    kind = "other";
    warnings.push(`${harmless(path)} has ${stat.size} bytes and was not read: more than ${FILE_LIMIT}.`);
  }
  const links = stat?.links ?? 1;
  const distrusted = distrust(raw, raw.root, { path, real, kind, uid: stat?.uid, links });
  const immutable = raw.immutable.has(path);
  if (isMangled(path)) warnings.push(`${harmless(path)} is left alone: its name is not UTF-8.`);
  if (isMangled(name)) kind = "other";
  const strategy = strategyOf({ path: real, real: name, kind, links, distrust: distrusted, immutable, ...context });
  const state: FileState = { path, kind, realPath: real, strategy };
  if (stat) {
    const { mode, uid, gid, mtime, inode } = stat;
    Object.assign(state, { mode, uid, gid, mtime, inode });
  }
  const bytes = raw.bytes.get(name);
  const sha256 = raw.sha256.get(name);
  if (kind === "file" && how === "f" && bytes) state.bytes = bytes;
  if (kind === "file" && sha256) state.sha256 = sha256;
  return state;
}

function liveIdentity(raw: RawRead): MachineIdentity {
  const identity: MachineIdentity = {};
  const machineId = machineIdOf(raw);
  const productUuid = raw.texts.get("sys/class/dmi/id/product_uuid")?.trim();
  const bootId = raw.texts.get("proc/sys/kernel/random/boot_id")?.trim();
  if (machineId) identity.machineId = machineId;
  if (productUuid && /^[0-9a-f-]{36}$/i.test(productUuid)) identity.productUuid = productUuid;
  if (bootId && /^[0-9a-f-]{36}$/i.test(bootId)) identity.bootId = bootId;
  return identity;
}

/** A folder is the machine whose machine-id it holds; without one (images have none before their first boot) it is its own place. */
function folderIdentity(raw: RawRead, folder: FolderTransport): MachineIdentity {
  return { machineId: machineIdOf(raw) ?? folder.id };
}

/** machine-id(5): 32 hex digits; empty or `uninitialized` before the first boot. */
function machineIdOf(raw: RawRead): string | undefined {
  const id = raw.texts.get("etc/machine-id")?.trim();
  return id && /^[0-9a-f]{32}$/i.test(id) ? id.toLowerCase() : undefined;
}
