import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { AcrnError } from "../core/errors";
import type { RemoteProcess, Target, Transport } from "./types";

/** The local shell and the commands that it finds. */
export interface FolderShell {
  shell?: string;
  path?: string;
}

/** Runs what a machine would run here, with the folder in front of every path. */
export class FolderTransport implements Transport {
  readonly label: string;
  /**
   * Identity of a folder without a machine-id: its own place, so it is the same in every preview, which must not write one. A
   * folder that is moved is another machine then; its ledger moves with it all the same.
   */
  readonly id: string;

  constructor(
    path: string,
    private readonly root: string,
    private readonly options: FolderShell = {},
  ) {
    this.label = `folder ${path}`;
    this.id = `folder-${createHash("sha256").update(root).digest("hex").slice(0, 32)}`;
  }

  exec(command: string): Promise<RemoteProcess> {
    const { shell = "/bin/sh", path = process.env.PATH ?? "/usr/bin:/bin" } = this.options;
    const child = spawn(shell, ["-c", command], {
      cwd: "/",
      env: { PATH: path, PULUMI_ACRN_ROOT: this.root },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const exit = new Promise<{ code: number | undefined; signal?: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code: code ?? undefined, ...(signal ? { signal } : {}) }));
    });
    exit.catch(() => undefined); // the session asks for it a moment later
    return Promise.resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit });
  }
}

/** A folder that holds a machine's file tree: an image that is being built, a copy taken from a machine. */
export function folderTarget(path: string, options?: FolderShell): Target {
  return { transport: new FolderTransport(path, existing(path), options), elevation: { how: "none" } };
}

function existing(path: string): string {
  let cause: unknown;
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory() && !/\p{Cc}/u.test(root)) return root;
  } catch (error) {
    cause = error;
  }
  throw new AcrnError("folder.missing", `the folder ${path} is not there, or is not a directory`, {
    hint: "A folder target is a directory that holds a machine's file tree (etc, usr, ...). Check the path.",
    ...(cause === undefined ? {} : { cause }),
  });
}
