import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "sys/firmware/efi/efivars";

/** The vendor's GUID of the boot loader interface [systemd.io/BOOT_LOADER_INTERFACE]. */
const LOADER = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

const pathOf = (dir: string, name: string): string => join(dir, FOLDER, `${name}-${LOADER}`);

/** Four bytes of attributes, then UTF-16LE with a NUL at its end. */
export function readVariable(dir: string, name: string): string | undefined {
  const path = pathOf(dir, name);
  return existsSync(path) ? readFileSync(path).subarray(4).toString("utf16le").replace(/\0$/, "") : undefined;
}

/** NON_VOLATILE, BOOTSERVICE_ACCESS, RUNTIME_ACCESS [UEFI specification, 8.2]. */
export function writeVariable(dir: string, name: string, value: string): void {
  mkdirSync(join(dir, FOLDER), { recursive: true });
  writeFileSync(pathOf(dir, name), Buffer.concat([Buffer.from([7, 0, 0, 0]), Buffer.from(`${value}\0`, "utf16le")]));
}

export const clearVariable = (dir: string, name: string): void => rmSync(pathOf(dir, name), { force: true });

/** The firmware's variables are gone: acrn-dm has them in the guest's memory unless it writes them to a file. */
export function loseVariables(dir: string): void {
  for (const name of ["LoaderEntryOneShot", "LoaderEntryDefault"]) clearVariable(dir, name);
}
