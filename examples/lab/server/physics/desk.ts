import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { sessionOf, startOf } from "./traces";

/** A stub command that asks the machine for something. */
export interface Call {
  pid: number;
  /** Its name. */
  command: string;
  root: boolean;
  cwd: string;
  args: string[];
  /** A line on its standard output, or error output. */
  out(text: string): void;
  err(text: string): void;
  /** The stub goes on by itself, with this. */
  go(text?: string): void;
  /** The stub ends. */
  exit(status: number): void;
  /** Once it has, and the session that it was called in too; after a while in any case. */
  left(): Promise<void>;
}

/** Where the stubs of a machine and of its guests ring. @param folder one of the lab's own for this machine */
export const deskIn = (folder: string): string => join(folder, "desk");

/**
 * Where stub commands ring: they are POSIX sh, which knows no sockets, so a call is a file of words, a line with the pid into one FIFO (short
 * writes are whole, pipe(7)), and answers come by a FIFO of the caller's. The machine decides in one place, one call after the other.
 */
export class Desk {
  private bell: Socket | undefined;
  private rest = "";

  constructor(
    readonly folder: string,
    private readonly handle: (call: Call) => void,
  ) {}

  open(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, "bell");
    execFileSync("mkfifo", ["-m", "600", path]);
    // for both, so that it never ends when the last stub hangs up (fifo(7))
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.bell = new Socket({ fd, readable: true, writable: false });
    this.bell.on("data", (data) => this.heard(String(data)));
    this.bell.on("error", () => {});
    this.bell.unref();
  }

  close(): void {
    this.bell?.destroy();
    this.bell = undefined;
  }

  private heard(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() as string;
    for (const line of lines) {
      const call = this.read(Number(line));
      if (call) this.handle(call);
    }
  }

  private read(pid: number): Call | undefined {
    const path = join(this.folder, `${pid}.call`);
    try {
      const [command = "", uid, cwd = "/", ...args] = readFileSync(path, "utf8").split("\0").slice(0, -1);
      rmSync(path);
      const say = (kind: string, text: string) =>
        this.say(
          pid,
          text.split("\n").map((line) => `${kind} ${line}\n`),
        );
      return {
        pid,
        command,
        root: uid === "0",
        cwd,
        args,
        out: (line) => say("out", line),
        err: (line) => say("err", line),
        go: (line = "") => say("go", line),
        exit: (status) => say("exit", String(status)),
        left: () => gone(sessionOf(pid)),
      };
    } catch {
      return undefined; // killed between writing and ringing
    }
  }

  /** Who hung up hears nothing. */
  private say(pid: number, lines: string[]): void {
    let fd: number | undefined;
    try {
      fd = openSync(join(this.folder, `${pid}.answer`), constants.O_WRONLY | constants.O_NONBLOCK);
      for (const line of lines) writeSync(fd, line);
    } catch {
      // ENOENT, ENXIO: it is gone
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

/** How long a shutdown waits for the session that asked for it. */
const PATIENCE_MS = 500;

async function gone(pid: number): Promise<void> {
  for (let ms = 0; ms < PATIENCE_MS && startOf(pid) !== undefined; ms += 5)
    await new Promise((settle) => setTimeout(settle, 5));
}
