import { AcrnError } from "./errors";
import { decodeUtf8 } from "./text/utf8";

/**
 * What one read of a machine saw. Plain data, made by host/, read by core/. Paths are the machine's own (absolute,
 * without the prefix of a lab or a folder target).
 */
export interface Snapshot {
  identity: MachineIdentity;
  /** `live`: a running machine. `folder`: a file tree; /proc facts and running VMs are then unknown. */
  kind: "live" | "folder";
  /** Files that were asked for, by path. A path that was asked for and is not there has `kind: "absent"`. */
  files: ReadonlyMap<string, FileState>;
  /** Short texts that only a live machine answers, by name: `proc/cmdline`, `proc/cpuinfo`, ... Missing = unknown. */
  texts: ReadonlyMap<string, string>;
  /** Commands of the stated list that the target has. */
  commands: ReadonlySet<string>;
  /** Trouble that did not stop the read, each a sentence for the user. */
  warnings: readonly string[];
}

/** Never an address. A live machine: machine-id, and product_uuid where it can be read; a folder: the id file of ours. */
export interface MachineIdentity {
  machineId?: string;
  productUuid?: string;
  /** /proc/sys/kernel/random/boot_id; changes with each boot. Absent for folders. */
  bootId?: string;
}

export interface FileState {
  path: string;
  kind: "file" | "absent" | "unreadable" | "other";
  bytes?: Uint8Array;
  /** Hex SHA-256 of `bytes`. */
  sha256?: string;
  /** Where the symbolic links end; equal to `path` when there are none. */
  realPath?: string;
  /** Octal permission bits (`0644`), numeric owner and group. */
  mode?: string;
  uid?: number;
  gid?: number;
  /** Seconds since the epoch, by the machine's clock. */
  mtime?: number;
  inode?: string;
  /** How the transaction may write this path, decided at the read and shown in the plan. */
  strategy?: WriteStrategy;
}

/**
 * `rename`: new file beside it, swapped by rename(2). `in-place`: overwritten with a backup (bind mounts, FAT).
 * `refused`: read-only, ostree or A/B slots, overlay upper; `why` says which.
 */
export type WriteStrategy = { how: "rename" } | { how: "in-place"; why: string } | { how: "refused"; why: string };

/** The text of a file that is only looked at, or undefined when it is absent or unreadable. Bytes that are no UTF-8 are replaced. */
export function textOf(snapshot: Snapshot, path: string): string | undefined {
  const file = snapshot.files.get(path);
  if (file?.kind !== "file" || !file.bytes) return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(file.bytes);
}

/**
 * The text of a file that is edited or that decides what is edited. Undefined only where there is no such file.
 * @throws AcrnError `text.utf8` rather than replace a byte, `file.unreadable` rather than take a file for absent
 */
export function exactTextOf(snapshot: Snapshot, path: string): string | undefined {
  const file = snapshot.files.get(path);
  if (!file || file.kind === "absent") return undefined;
  if (file.kind === "file" && file.bytes) return decodeUtf8(file.bytes, path);
  throw new AcrnError("file.unreadable", "the file is there and cannot be read", {
    where: { file: path },
    hint: "Nothing is planned without it. Check that it is a regular file of at most 16 MiB, and that the login may become root.",
  });
}

/** One string for one machine: what locks, claims and "same machine?" compare. Undefined = unknown. */
export function machineKey(identity: MachineIdentity): string | undefined {
  if (!identity.machineId) return undefined;
  return identity.productUuid ? `${identity.machineId}/${identity.productUuid.toLowerCase()}` : identity.machineId;
}
