import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Runs `work` while this process alone holds the file's lock. The kernel keeps it for a flock(1) that lives as long as our end of its stdin, so
 * whatever happens to us it is free afterwards.
 * @param waiting called when somebody else has it
 */
export async function withLock<T>(file: string, work: () => Promise<T>, waiting: () => void): Promise<T> {
  const child = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; cat >/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const timer = setTimeout(waiting, 2000);
  try {
    const ended = once(child, "exit").then(([status]) => {
      throw new Error(`flock ${file} ended with status ${status}`);
    });
    await Promise.race([once(child.stdout, "data"), ended]);
    ended.catch(() => {}); // from here on its end is ours
    clearTimeout(timer);
    return await work();
  } finally {
    clearTimeout(timer);
    child.stdin.end();
  }
}
