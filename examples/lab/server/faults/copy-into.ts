import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Copies what is in a folder, by hand: FUSE's FAT has neither copy_file_range(2) nor chmod(2), and cpSync fails there. */
export function copyInto(from: string, to: string): void {
  for (const name of readdirSync(from)) copyOne(join(from, name), join(to, name));
}

function copyOne(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) {
    rmSync(to, { force: true });
    symlinkSync(readlinkSync(from), to);
    return;
  }
  if (stat.isDirectory()) {
    mkdirSync(to, { recursive: true });
    copyInto(from, to);
  } else writeFileSync(to, readFileSync(from));
  if (statSync(to).mode !== stat.mode) asFarAsItGoes(() => chmodSync(to, stat.mode));
  asFarAsItGoes(() => utimesSync(to, stat.atime, stat.mtime));
}

function asFarAsItGoes(change: () => void): void {
  try {
    change();
  } catch {
    // FAT has no modes
  }
}
