import { spawn } from "node:child_process";

export interface Ended {
  /** Milliseconds from the start of the process to the end of its outputs. */
  took: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; another end than status 0 is an error with what it said. */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Ended> {
  const { input, ...rest } = options;
  const started = performance.now();
  const child = spawn(program, args, { ...rest, stdio: ["pipe", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => void errors.push(chunk));
  child.stdin.on("error", () => {}); // it ended without reading; its status tells
  child.stdin.end(input ?? "");
  const status = await new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("close", settle);
  });
  const took = performance.now() - started;
  const stdout = Buffer.concat(out).toString("utf8");
  const stderr = Buffer.concat(errors).toString("utf8");
  if (status === 0) return { took, stdout, stderr };
  const said = `${stdout}\n${stderr}`.trim().slice(-2000);
  throw new Error(`${program} ${args.join(" ")} ended with status ${status}: ${said}`);
}
