import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Daemon, startDaemon } from "./daemon";
import type { World } from "./world";

export interface Agent extends Daemon {
  socket: string;
  /** `ssh-add ARGS` with this agent. */
  add(...args: string[]): void;
  /** `ssh-add -x`: its keys are hidden until the password is given. */
  lock(): void;
}

/** A real ssh-agent. It has nobody whom it could ask to confirm: a key added with `-c` is one that it refuses to sign with. */
export async function startAgent(world: World, name: string): Promise<Agent> {
  const socket = join(world.dir, `${name}.sock`);
  const { DISPLAY: _display, SSH_ASKPASS: _askpass, ...env } = process.env;
  const daemon = startDaemon(["ssh-agent", "-D", "-a", socket], env);
  for (let round = 0; round < 200 && !existsSync(socket); round++) await sleep(10);
  const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    execFileSync("ssh-add", args, { env: { ...env, SSH_AUTH_SOCK: socket, ...more }, stdio: "pipe" });
  return {
    ...daemon,
    socket,
    add: (...args) => void run(["-q", ...args]),
    lock: () => void run(["-x"], { SSH_ASKPASS: world.askpass("lock", "locked away"), SSH_ASKPASS_REQUIRE: "force" }),
  };
}
