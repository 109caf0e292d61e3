import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";
import { AcrnError } from "../../../../provider/core/errors";
import { type SshEnvironment, systemEnvironment } from "../../../../provider/host/ssh/env";
import { Pool } from "../../../../provider/host/ssh/pool";
import type { Row, Stage } from "./row";

/** ssh(1), EXIT STATUS: 255 when ssh itself failed; everything else is the command's. */
export interface Theirs {
  status: number | undefined;
  said: string;
}

/** `ssh -F CONFIG target true`, as a user who is not there to be asked. */
export async function theirs({ world, agents }: Stage, row: Row, config: string): Promise<Theirs> {
  const secret = row.password ?? row.passphrase;
  const env: NodeJS.ProcessEnv = { ...process.env, DISPLAY: "" };
  delete env.SSH_AUTH_SOCK;
  if (row.inheritedAgent) env.SSH_AUTH_SOCK = agents.socket(row.inheritedAgent);
  if (secret !== undefined) {
    env.SSH_ASKPASS = world.askpass(`${secret.length}`, secret);
    env.SSH_ASKPASS_REQUIRE = "force";
  }
  const batch = secret === undefined ? ["-o", "BatchMode=yes"] : ["-o", "StrictHostKeyChecking=yes"];
  const command = [...world.enter, "ssh", "-F", config, ...batch, "target", "true"];
  const child = spawn(command[0] as string, command.slice(1), {
    env,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 40_000, // a row that hangs must not leave an ssh behind
  });
  const status = new Promise<number | undefined>((settle, reject) => {
    child.once("exit", (code) => settle(code ?? undefined)).once("error", reject);
  });
  const [said, code] = await Promise.all([text(child.stderr), status]);
  return { status: code, said };
}

export type Ours = { status: number | undefined } | { error: AcrnError };

/** What we take from this computer: the made home, and no agent but the one that a row inherits. */
export function environment({ world, agents }: Stage, inheritedAgent?: string): SshEnvironment {
  const { SSH_AUTH_SOCK: _, ...variables } = process.env;
  const inherited = inheritedAgent ? { SSH_AUTH_SOCK: agents.socket(inheritedAgent) } : {};
  return { ...systemEnvironment(), home: world.home, variables: { ...variables, ...inherited } };
}

/** The same through a pool of its own. */
export async function ours(stage: Stage, row: Row, config: string): Promise<Ours> {
  const pool = new Pool({ env: environment(stage, row.inheritedAgent), idleMs: 1, retryMs: 1 });
  try {
    const secrets = {
      ...(row.password === undefined ? {} : { password: row.password }),
      ...(row.passphrase === undefined ? {} : { passphrase: row.passphrase }),
    };
    const spec = { alias: "target", sshConfig: config, ...secrets, ...row.spec?.(stage) };
    const process = await pool.transport(spec).exec("true");
    process.stdin.end();
    const [exit] = await Promise.all([process.exit, buffer(process.stdout), buffer(process.stderr)]);
    return { status: exit.code };
  } catch (error) {
    if (error instanceof AcrnError) return { error };
    throw error;
  }
}
