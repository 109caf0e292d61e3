import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HostFiles } from "./host-files";

/** Puts files, folders and links of a machine below `dir`. @param installed seconds since the epoch: when files say they were written */
export function writeFiles(dir: string, files: HostFiles, installed: number): void {
  for (const [path, entry] of files) {
    const at = join(dir, path);
    if (entry.kind === "folder") {
      mkdirSync(at, { recursive: true });
      continue;
    }
    mkdirSync(dirname(at), { recursive: true });
    rmSync(at, { force: true });
    if (entry.kind === "link") symlinkSync(entry.target, at);
    else {
      writeFileSync(at, entry.content);
      chmodSync(at, entry.mode ?? 0o644);
      utimesSync(at, installed, installed);
    }
  }
}
