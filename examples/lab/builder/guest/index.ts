import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeEnvironment } from "../../server/physics/grub/environment";
import { updateGrub } from "../../server/physics/grub/mkconfig";
import { environmentFile } from "../../server/physics/grub/spec";
import { type GuestOsSpec, grubOf } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { DEFAULT_BOOT_TIME } from "../host-spec";
import { writeFiles } from "../write-files";
import { addCommon } from "./common";
import { addDebian } from "./debian";
import { addRhel, rhelEnvironment } from "./rhel";
import { addUbuntu } from "./ubuntu";
import { addUnits } from "./units";
import { addYocto } from "./yocto";

const LAYOUTS = { debian: addDebian, ubuntu: addUbuntu, rhel: addRhel, yocto: addYocto, script: () => {} } as const;

/** The files of a guest by absolute path, as its distribution lays them out. */
export function guestFiles(name: string, spec: GuestOsSpec): HostFiles {
  const files: HostFiles = new Map();
  addCommon(files, spec);
  if ((spec.init ?? "systemd") === "systemd") addUnits(files, spec);
  LAYOUTS[spec.layout](files, spec);
  const hex = createHash("sha256").update(`lab guest ${name}`).digest("hex");
  files.set("/etc/machine-id", { kind: "file", content: `${hex.slice(0, 32)}\n` });
  files.set("/sys/class/dmi/id/product_uuid", { kind: "file", content: `${uuid(hex.slice(32))}\n` });
  return files;
}

/** Writes them below `dir`, unless a guest is there already. @param more files that win */
export function writeGuestTree(
  dir: string,
  name: string,
  spec: GuestOsSpec,
  more: Readonly<Record<string, string>> = {},
): void {
  if (existsSync(join(dir, "etc/machine-id"))) return;
  const files = guestFiles(name, spec);
  for (const [path, content] of Object.entries(more)) {
    const old = files.get(path);
    const mode = old?.kind === "file" ? old.mode : undefined;
    files.set(path, { kind: "file", content, ...(mode !== undefined && { mode }) });
  }
  writeFiles(dir, files, DEFAULT_BOOT_TIME - 86_400);
  installGrub(dir, spec);
}

/** What the installer leaves: an environment block, and a menu by the machine's own settings. */
function installGrub(dir: string, spec: GuestOsSpec): void {
  const { layout } = spec;
  if (layout === "yocto" || layout === "script") return;
  const grub = grubOf(spec);
  writeEnvironment(join(dir, environmentFile(grub)), new Map(layout === "rhel" ? rhelEnvironment(spec) : []));
  const { status, said } = updateGrub(dir, { ...grub, updateFails: undefined });
  if (status !== 0) throw new Error(`the lab's update-grub in a guest: ${said.join("; ")}`);
}

const uuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
