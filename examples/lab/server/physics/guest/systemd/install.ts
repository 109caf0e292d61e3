import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { linkAt } from "../links";
import { enablingLinks, findUnit, namesOf, type UnitFile } from "./unit-file";

const OWN = "/etc/systemd/system";

/** What systemctl says of each link that it makes or takes away. */
export type Say = (text: string) => void;

/** Links by [Install], of the unit and of those that Also= names. */
export function enable(dir: string, unit: UnitFile, say: Say, seen: string[] = []): void {
  for (const target of namesOf(unit, "Install", "WantedBy"))
    link(dir, `${OWN}/${target}.wants/${unit.id}`, unit.path, say);
  for (const target of namesOf(unit, "Install", "RequiredBy"))
    link(dir, `${OWN}/${target}.requires/${unit.id}`, unit.path, say);
  for (const name of namesOf(unit, "Install", "Alias"))
    if (name !== unit.id) link(dir, `${OWN}/${name}`, unit.path, say);
  for (const name of also(unit, seen)) {
    const other = findUnit(dir, name);
    if (other && !other.masked) enable(dir, other, say, [...seen, unit.id]);
  }
}

export function disable(dir: string, unit: UnitFile, say: Say, seen: string[] = []): void {
  const aliases = namesOf(unit, "Install", "Alias").map((name) => `${OWN}/${name}`);
  for (const path of [...enablingLinks(dir, unit.id), ...aliases])
    if (linkAt(join(dir, path)) !== undefined) remove(dir, path, say);
  for (const name of also(unit, seen)) {
    const other = findUnit(dir, name);
    if (other) disable(dir, other, say, [...seen, unit.id]);
  }
}

/** A link to /dev/null; a file of somebody's in its place is not touched. @returns what stands in the way */
export function mask(dir: string, name: string, say: Say, folder = OWN): string | undefined {
  const path = `${folder}/${name}`;
  if (linkAt(join(dir, path)) === "/dev/null") return undefined;
  if (existsSync(join(dir, path)) && linkAt(join(dir, path)) === undefined) return `File ${path} already exists.`;
  rmSync(join(dir, path), { force: true });
  link(dir, path, "/dev/null", say);
  return undefined;
}

/** Takes away masks, and only those: a file of ours that is empty is one too [src/shared/install.c: unit_file_unmask]. */
export function unmask(dir: string, name: string, say: Say): void {
  for (const folder of [OWN, "/run/systemd/system"]) {
    const path = `${folder}/${name}`;
    const masked = linkAt(join(dir, path)) === "/dev/null" || findUnit(dir, name)?.masked;
    if (masked && (existsSync(join(dir, path)) || linkAt(join(dir, path)) !== undefined)) remove(dir, path, say);
  }
}

const also = (unit: UnitFile, seen: readonly string[]): string[] =>
  namesOf(unit, "Install", "Also").filter((name) => !seen.includes(name));

function link(dir: string, path: string, target: string, say: Say): void {
  if (linkAt(join(dir, path)) === target) return;
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  rmSync(join(dir, path), { force: true });
  symlinkSync(target, join(dir, path));
  say(`Created symlink ${path} → ${target}.`);
}

function remove(dir: string, path: string, say: Say): void {
  rmSync(join(dir, path), { force: true });
  say(`Removed ${path}.`);
}
