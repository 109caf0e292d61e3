import { spawnSync } from "node:child_process";

/** A fault that this machine cannot make: no right to mount, no such tool or file system. Tests are skipped with its words. */
export class Unavailable extends Error {}

/** Runs a tool; without it, or where it refuses, the fault is unavailable. */
export function tool(command: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, PATH: SBIN } });
  if (error) throw new Unavailable(`no ${command} here`);
  if (status !== 0) throw new Unavailable(`${command} ${args.join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
}

/** mount and its kin stand where PATH of an ordinary user does not lead. */
const SBIN = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
