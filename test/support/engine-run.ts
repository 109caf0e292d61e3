import assert from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One run of the CLI, ended. */
export interface Run {
  status: number | null;
  stdout: string;
  /** Both outputs. */
  text: string;
  /** Milliseconds. */
  took: number;
}

export interface RunOptions {
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Sees the process while it runs: to kill it, or to break its host. `pids()` are those of the whole run. */
  during?: (child: ChildProcess, pids: () => number[]) => Promise<void>;
  /** A run that a test kills may leave processes and half a line. */
  killed?: boolean;
}

/** In the environment of everything that a run starts, so that what it leaves behind is found. */
const MARK = "PULUMI_ACRN_TEST_RUN";

/** Runs the CLI, unattended. Whatever the test wants of it: no stack trace, no rejection that nobody took, no process left. */
export async function runPulumi(args: readonly string[], options: RunOptions): Promise<Run> {
  const id = randomUUID();
  const started = Date.now();
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: options.cwd,
    env: { ...options.env, [MARK]: id },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const both: Buffer[] = [];
  const out: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void out.push(chunk));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void both.push(chunk));
  const ended = new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("close", settle);
  });
  const pids = () => marked(`${MARK}=${id}`);
  await options.during?.(child, pids);
  const status = await ended;
  const run = { status, stdout: text(out), text: text(both), took: Date.now() - started };
  if (!options.killed) {
    assert.doesNotMatch(run.text, NOISE, `pulumi ${args.join(" ")} said what belongs to bugs:\n${run.text}`);
    await assertGone(pids, args);
  }
  return run;
}

/** What no mistake of a user may print: it belongs to bugs. */
const NOISE =
  /Unhandled|UnhandledPromise|^\s*at .+[(:]\d+:\d+\)?$|\bat Object\.|Unexpected struct type|panic:|\[object Object\]/m;

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

/** The CLI ends before its plugins do: they get a moment. */
async function assertGone(pids: () => number[], args: readonly string[]): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (pids().length === 0) return;
    await sleep(50);
  }
  const left = pids().map((pid) => `${pid} ${commandOf(pid)}`);
  assert.deepStrictEqual(left, [], `pulumi ${args.join(" ")} left processes behind`);
}

function marked(wanted: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && contains(`/proc/${name}/environ`, wanted))
    .map(Number);
}

function contains(path: string, wanted: string): boolean {
  try {
    return readFileSync(path, "latin1").split("\0").includes(wanted);
  } catch {
    return false; // it ended meanwhile
  }
}

/** The command line of a process, blanks for NULs; empty when it ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
