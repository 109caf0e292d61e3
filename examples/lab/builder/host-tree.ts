import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HostFiles, hostFiles } from "./host-files";
import { DEFAULT_BOOT_TIME, type HostTreeSpec } from "./host-spec";

/** Writes the tree of an ACRN target below `dir`; links are relative, so the tree works as a prefix and can be moved. */
export function writeHostTree(dir: string, spec: HostTreeSpec): HostFiles {
  const files = hostFiles(spec);
  // Installed a day before the boot: what is in /boot is then what was booted.
  const installed = (spec.bootTime ?? DEFAULT_BOOT_TIME) - 86_400;
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
  return files;
}
