import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A process as the Service VM's /proc shows it. */
interface Shown {
  pid: number;
  comm: string;
  words: readonly string[];
}

/**
 * What a running acrn-dm leaves in the tree: its /proc entry, those of the processes that launched it (from whose command lines one learns which
 * script is the effective one), and the socket by which acrnd knows it [acrn_mngr.c].
 */
export class Traces {
  private readonly shown = new Map<number, number[]>();

  /** @param original a word of a real command line as it would be on the machine */
  constructor(
    private readonly dir: string,
    private readonly original: (word: string) => string,
  ) {}

  /** @param lab pids above which nothing is the host's */
  show(name: string, pid: number, words: readonly string[], unit: string, lab: number): void {
    const parents = this.ancestors(pid, lab);
    this.process({ pid, comm: "acrn-dm", words: ["/usr/bin/acrn-dm", ...words] }, unit);
    for (const parent of parents) this.process(parent, unit);
    this.shown.set(pid, [pid, ...parents.map((parent) => parent.pid)]);
    this.put(socketOf(name, pid), "");
  }

  /** As the kernel does when processes end; the socket stays where acrn-dm had no time to remove it. */
  hide(name: string, pid: number, clean: boolean): void {
    // main.c: vm_deinit_vdevs comes before exit
    if (clean) rmSync(join(this.dir, socketOf(name, pid)), { force: true });
    const mine = this.shown.get(pid) ?? [pid];
    this.shown.delete(pid);
    const others = new Set([...this.shown.values()].flat());
    for (const one of mine)
      if (!others.has(one)) rmSync(join(this.dir, `proc/${one}`), { recursive: true, force: true });
  }

  private process({ pid, comm, words }: Shown, unit: string): void {
    this.put(`proc/${pid}/cmdline`, `${words.join("\0")}\0`);
    this.put(`proc/${pid}/comm`, `${comm}\n`);
    this.put(
      `proc/${pid}/cgroup`,
      `0::${unit ? `/system.slice/${unit}` : "/user.slice/user-0.slice/session-1.scope"}\n`,
    );
    const stat = real(pid, "stat");
    if (stat !== undefined) this.put(`proc/${pid}/stat`, stat.replace(/\(.*\)/s, `(${comm})`));
  }

  private ancestors(pid: number, lab: number): Shown[] {
    const found: Shown[] = [];
    for (let next = parentOf(pid); next > 1 && next !== lab; next = parentOf(next)) {
      const words = (real(next, "cmdline") ?? "").split("\0").slice(0, -1).map(this.original);
      found.push({ pid: next, comm: (real(next, "comm") ?? "").trim(), words });
    }
    return found;
  }

  private put(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }
}

const socketOf = (name: string, pid: number): string => `run/acrn/mngr/${name}.monitor.${pid}.socket`;

function real(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return undefined;
  }
}

/** Fields after the name: state, parent, ... start time (proc(5), /proc/pid/stat). */
const fields = (pid: number): string[] =>
  real(pid, "stat")
    ?.replace(/^.*\) /s, "")
    .split(" ") ?? [];

const parentOf = (pid: number): number => Number(fields(pid)[1] ?? 0);

/** Its session's leader; for a command that came by SSH, the shell that runs it. */
export const sessionOf = (pid: number): number => Number(fields(pid)[3] ?? 0);

/** Undefined once it has ended, though nobody may have asked for its status yet. */
export function startOf(pid: number): string | undefined {
  const [state, ...rest] = fields(pid);
  return state === undefined || state === "Z" || state === "X" ? undefined : rest[18];
}
