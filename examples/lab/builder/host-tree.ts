import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { putKernel } from "../server/physics/boot";
import { booting } from "../server/physics/booting";
import { writeEnvironment } from "../server/physics/grub/environment";
import { MENU, updateGrub } from "../server/physics/grub/mkconfig";
import type { GrubSpec } from "../server/physics/grub/spec";
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
  if (spec.grub) bootByMenu(dir, spec.grub === true ? {} : spec.grub, installed);
  return files;
}

/** What update-grub made when the machine was installed, and what it booted by that. */
function bootByMenu(dir: string, grub: GrubSpec, installed: number): void {
  const { status, said } = updateGrub(dir, { ...grub, updateFails: undefined });
  if (status !== 0) throw new Error(`the lab's update-grub: ${said.join("; ")}`);
  const environment = join(dir, "boot/grub/grubenv");
  writeEnvironment(environment, new Map());
  for (const path of [join(dir, MENU), environment]) utimesSync(path, installed, installed);
  const { from, dark } = booting(dir, grub, false);
  if (!from) throw new Error(`the lab's host boots nothing: ${dark}`);
  putKernel(dir, from);
}
