import { utimesSync } from "node:fs";
import { join } from "node:path";
import { putKernel } from "../server/physics/boot";
import { booting } from "../server/physics/booting";
import { writeEnvironment } from "../server/physics/grub/environment";
import { updateGrub } from "../server/physics/grub/mkconfig";
import { environmentFile, type GrubSpec, menuFile } from "../server/physics/grub/spec";
import { type HostFiles, hostFiles } from "./host-files";
import { DEFAULT_BOOT_TIME, type HostTreeSpec } from "./host-spec";
import { writeFiles } from "./write-files";

/** Writes the tree of an ACRN target below `dir`; links are relative, so the tree works as a prefix and can be moved. */
export function writeHostTree(dir: string, spec: HostTreeSpec): HostFiles {
  const files = hostFiles(spec);
  // Installed a day before the boot: what is in /boot is then what was booted.
  const installed = (spec.bootTime ?? DEFAULT_BOOT_TIME) - 86_400;
  writeFiles(dir, files, installed);
  if (spec.grub) bootByMenu(dir, spec.grub === true ? {} : spec.grub, installed);
  return files;
}

/** What update-grub made when the machine was installed, and what it booted by that. */
function bootByMenu(dir: string, grub: GrubSpec, installed: number): void {
  const { status, said } = updateGrub(dir, { ...grub, updateFails: undefined });
  if (status !== 0) throw new Error(`the lab's update-grub: ${said.join("; ")}`);
  const environment = join(dir, environmentFile(grub));
  writeEnvironment(environment, new Map());
  for (const path of [join(dir, menuFile(grub)), environment]) utimesSync(path, installed, installed);
  const { from, dark } = booting(dir, grub, false);
  if (!from) throw new Error(`the lab's host boots nothing: ${dark}`);
  putKernel(dir, from);
}
