import { spawn } from "node:child_process";
import type { RemoteProcess, Target, Transport } from "../types";

/** What a build here may know of whoever started us: tokens and passphrases of the engine are none of it. */
const PASSED = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "CCACHE_DIR", "MAKEFLAGS"];

/** This machine, as its own user: for builds alone. */
export function localTarget(env: NodeJS.ProcessEnv = process.env): Target {
  const passed = Object.fromEntries(PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const transport: Transport = {
    label: "this machine",
    exec(command: string): Promise<RemoteProcess> {
      const child = spawn("/bin/sh", ["-c", command], { cwd: "/", env: passed, stdio: ["pipe", "pipe", "pipe"] });
      const exit = new Promise<{ code: number | undefined; signal?: string }>((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code, signal) => resolve({ code: code ?? undefined, ...(signal ? { signal } : {}) }));
      });
      exit.catch(() => undefined); // the session asks for it a moment later
      return Promise.resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit });
    },
  };
  return { transport, elevation: { how: "none" } };
}
