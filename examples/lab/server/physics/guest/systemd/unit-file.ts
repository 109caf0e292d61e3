import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { linkAt, readThrough, resolveIn } from "../links";

/** Where unit files are, the first wins [systemd.unit(5), "Unit File Load Path"]. */
export const FOLDERS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** A unit as it is written. */
export interface UnitFile {
  /** What it is called by itself: an alias leads here. */
  id: string;
  path: string;
  /** With its drop-ins, in their order. */
  text: string;
  masked: boolean;
  /** It was put there by the packages, and its programs are not run. */
  packaged: boolean;
  drops: string[];
}

/** The file behind a name; undefined: there is none. An empty file masks, and so does a link to /dev/null [systemd.unit(5)]. */
export function findUnit(dir: string, name: string): UnitFile | undefined {
  const path = FOLDERS.map((folder) => `${folder}/${name}`).find((one) => lies(join(dir, one)));
  if (path === undefined) return undefined;
  const target = linkAt(join(dir, path));
  const end = resolveIn(dir, path);
  const text = end === "/dev/null" ? "" : readThrough(dir, path);
  if (text === undefined) return undefined; // a link to nothing
  const id = target === undefined || end === "/dev/null" ? name : basename(end);
  const drops = dropIns(dir, id);
  const masked = text === ""; // null_or_empty of src/basic/stat-util.c: its size, not its sense
  const own = [text, ...drops.map((drop) => readThrough(dir, drop) ?? "")].join("\n");
  return { id, path, text: masked ? "" : own, masked, packaged: !/^\/(etc|run)\//.test(end), drops };
}

/** NAME.d/*.conf of every folder; of one file name the first folder's. */
function dropIns(dir: string, name: string): string[] {
  const found = new Map<string, string>();
  for (const folder of FOLDERS)
    for (const file of list(join(dir, folder, `${name}.d`)))
      if (file.endsWith(".conf") && !found.has(file)) found.set(file, `${folder}/${name}.d/${file}`);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** The values of a key, in order; an empty one forgets those before it [systemd.syntax(7)]. */
export function valuesOf({ text }: Pick<UnitFile, "text">, section: string, key: string): string[] {
  let here = "";
  let found: string[] = [];
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    here = /^\s*\[(.+)\]\s*$/.exec(line)?.[1] ?? here;
    const [, name, value = ""] = /^\s*([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (here === section && name === key) found = value === "" ? [] : [...found, value];
  }
  return found;
}

export const lastOf = (unit: Pick<UnitFile, "text">, section: string, key: string): string | undefined =>
  valuesOf(unit, section, key).at(-1);

/** Units that a unit names: by a key, a value holds several. */
export const namesOf = (unit: Pick<UnitFile, "text">, section: string, ...keys: string[]): string[] =>
  keys.flatMap((key) => valuesOf(unit, section, key)).flatMap((value) => value.split(/\s+/).filter(Boolean));

/** What a unit pulls in: its own words, and the links of its .wants and .requires folders. */
export function pulledBy(dir: string, unit: UnitFile): string[] {
  const links = ["wants", "requires"].flatMap((kind) =>
    FOLDERS.flatMap((folder) => list(join(dir, folder, `${unit.id}.${kind}`))),
  );
  return [...new Set([...namesOf(unit, "Unit", "Requires", "Wants", "BindsTo"), ...links])];
}

/** Every name that a file of the folders stands for. */
export function everyUnit(dir: string): string[] {
  const names = FOLDERS.flatMap((folder) =>
    list(join(dir, folder)).filter((name) => /\.(service|socket|timer|target|mount|path)$/.test(name)),
  );
  return [...new Set(names)].sort();
}

/** Links in folders like multi-user.target.wants that lead to it. */
export function enablingLinks(dir: string, id: string): string[] {
  return FOLDERS.slice(0, 2).flatMap((folder) =>
    list(join(dir, folder))
      .filter((name) => /\.(wants|requires)$/.test(name))
      .flatMap((name) =>
        list(join(dir, folder, name))
          .filter((link) => link === id)
          .map((link) => `${folder}/${name}/${link}`),
      ),
  );
}

function lies(path: string): boolean {
  try {
    return lstatSync(path).isFile() || lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

export const list = (path: string): string[] =>
  existsSync(path) && statSync(path).isDirectory() ? readdirSync(path).sort() : [];
