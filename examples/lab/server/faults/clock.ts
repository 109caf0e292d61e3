import { existsSync, lstatSync, lutimesSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A clock that was wrong when everything was written: all times of the tree, and the boot time in /proc/stat, moved by so many seconds. Since only
 * differences of times mean anything, this is as if the host's clock were wrong by the opposite now; no command needs to lie about the time.
 */
export function clockWrongBy(dir: string, seconds: number): void {
  const stat = join(dir, "proc/stat");
  if (existsSync(stat)) {
    const text = readFileSync(stat, "utf8");
    writeFileSync(
      stat,
      text.replace(/^btime (\d+)/m, (_, time) => `btime ${Number(time) + seconds}`),
    );
  }
  shift(dir, seconds);
}

/** From the leaves up: to touch a file changes no folder, but to write one did above. */
function shift(path: string, seconds: number): void {
  const { atimeMs, mtimeMs } = lstatSync(path);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) shift(join(path, name), seconds);
  lutimesSync(path, atimeMs / 1000 + seconds, mtimeMs / 1000 + seconds);
}
