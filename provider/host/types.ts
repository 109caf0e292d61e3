import type { Readable, Writable } from "node:stream";
import type { Snapshot } from "../core/snapshot";

/** A way to run commands on a machine: one SSH connection, or a local shell for a folder. */
export interface Transport {
  /** For messages: `ssh://root@cell-7:22 (via jump)`, `folder ./image`. Never holds a secret. */
  readonly label: string;
  /** Starts `command` in the login shell of the target. Rejects when no channel can be had. */
  exec(command: string, options?: ExecOptions): Promise<RemoteProcess>;
}

export interface ExecOptions {
  /**
   * On a raw terminal: sudo may demand one (sudoers(5), `requiretty`). stdout and stderr are one stream then, the end of stdin does not arrive,
   * and the end of the link ends the command. A transport that has none starts the command without. @default false
   */
  pty?: boolean;
}

export interface RemoteProcess {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Settles once; rejects when the link breaks before the exit status arrived. */
  exit: Promise<{ code: number | undefined; signal?: string }>;
}

/** How the scripts become root. */
export type Elevation =
  /** Root already, or `sudo -n`; where neither works the error shows the sudoers line that would. */
  | { how: "auto" }
  /** `sudo` with a password on stdin. */
  | { how: "sudo-password"; password: string }
  /** Never: folder targets. */
  | { how: "none" };

/** A machine that can be read and written. */
export interface Target {
  transport: Transport;
  elevation: Elevation;
}

/** What a read looks for beyond the fixed superset of paths. */
export interface ReadRequest {
  /** Board and record where they are not at /usr/share/acrn/{board,scenario}.xml. */
  board?: string;
  record?: string;
  /** Launch scripts in the user's own places: paths or `*` globs. */
  scripts: readonly string[];
  /** Single files that an argument names. */
  files: readonly string[];
  /** Short texts of a live machine beyond the usual, without the first slash: `proc/sys/kernel/timer_migration`. One that is not there is no text. */
  texts?: readonly string[];
  /** Ask also what only a guest that is tuned has to say (scripts/facts.ts, `linux`). */
  guest?: boolean;
}

/** One file of a transaction. */
export interface FileChange {
  path: string;
  /** Hex SHA-256 of the bytes it replaces, or `absent`. */
  before: string;
  /** The new bytes, or null to remove the file. */
  after: Uint8Array | null;
  /** The ledger when it only gives back: after all others. @default false */
  last?: boolean;
  /** Octal permission bits for a file that does not exist yet. @default "0644" */
  mode?: string;
}

export interface TransactOptions {
  /** Who asks, for whoever meets the lock: `pulumi-acrn alice@laptop pid 4711`. */
  owner: string;
  progress?: (phase: string) => void;
  /** How long to wait for somebody else's lock, in milliseconds. @default 60000 */
  lockWait?: number;
}

export interface TransactResult {
  /** The read under the lock. */
  before: Snapshot;
  /** The read after the commit; equal to `before` when there was nothing to write. */
  after: Snapshot;
  changed: boolean;
}
