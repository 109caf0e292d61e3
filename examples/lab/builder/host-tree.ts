import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HostFiles, hostFiles } from "./host-files";
import type { HostTreeSpec } from "./host-spec";

/** Writes the tree of an ACRN target below `dir`; links are relative, so the tree works as a prefix and can be moved. */
export function writeHostTree(dir: string, spec: HostTreeSpec): HostFiles {
  const files = hostFiles(spec);
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
    }
  }
  return files;
}
