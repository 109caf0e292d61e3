import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** In the environment of everything that a lab starts: so that what detached itself is found again. */
export const MARK = "PULUMI_ACRN_LAB_ID";

/** Which host, guest or unit of the lab it belongs to: what a reset or a unit's end takes with it. */
export const HOST_MARK = "PULUMI_ACRN_LAB_HOST";
export const UNIT_MARK = "PULUMI_ACRN_LAB_UNIT";

/** The processes of one lab. They live on when their client goes away, as under sshd, and end with the lab. */
export class Children {
  ended = false;
  private readonly running = new Set<ChildProcess>();

  constructor(readonly id: string) {}

  /** How many commands have not ended; what they detached from themselves does not count. */
  get commands(): number {
    return this.running.size;
  }

  add(child: ChildProcess): void {
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
  }

  /** Ends all of them, also those that made a session of their own (setsid, nohup): by pid, found by the mark. */
  async end(): Promise<void> {
    this.ended = true;
    for (const child of this.running) if (child.pid !== undefined) kill(child.pid);
    for (let round = 0; round < 50; round++) {
      const left = this.marked();
      if (left.length === 0 && this.running.size === 0) return;
      for (const pid of left) kill(pid);
      await new Promise((settle) => setTimeout(settle, 20));
    }
  }

  /** Pids of this lab's processes that have these entries in their environment too, other than zombies (whose environment is empty). */
  marked(...also: string[]): number[] {
    const wanted = [`${MARK}=${this.id}`, ...also];
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => includesAll(environment(pid), wanted)).map(Number);
  }

  /** Ends those of them that have the mark. */
  async endMarked(mark: string): Promise<void> {
    for (let round = 0; round < 50; round++) {
      if (this.signal("SIGKILL", mark) === 0) return;
      await new Promise((settle) => setTimeout(settle, 10));
    }
  }

  /** @returns how many there were */
  signal(signal: NodeJS.Signals, mark: string): number {
    const pids = this.marked(mark);
    for (const pid of pids) kill(pid, signal);
    return pids.length;
  }
}

const includesAll = (entries: string[], wanted: string[]): boolean => wanted.every((entry) => entries.includes(entry));

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return []; // gone meanwhile, or another user's
  }
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}
