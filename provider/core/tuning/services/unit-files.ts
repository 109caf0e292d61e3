/** Where systemd looks for system units, the strongest first [systemd.unit(5), "System Unit Search Path"]; `/lib` is `/usr/lib` of before the merge. */
export const UNIT_FOLDERS = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/run/systemd/transient",
  "/run/systemd/generator.early",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system",
  "/run/systemd/system.attached",
  "/run/systemd/generator",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
  "/run/systemd/generator.late",
] as const;

/** A unit file of the guest. */
export interface UnitFile {
  path: string;
  /** Where the link leads, when it is one: as it is written, or all the way. */
  link?: string;
  /** Undefined for what is no file (the target of a link to /dev/null). */
  text: string | undefined;
}

/** By path: there are hundreds, and each mask asks about all of them. */
export type UnitFiles = ReadonlyMap<string, UnitFile>;

export function unitFiles(files: readonly UnitFile[]): UnitFiles {
  return new Map(files.map((file) => [file.path, file]));
}

export type UnitState =
  | { kind: "missing" }
  | { kind: "unit"; path: string }
  /** `empty`: a file without a byte, as ours. `link`: to /dev/null, as `systemctl mask` makes. */
  | { kind: "masked"; path: string; how: "empty" | "link" }
  /** Another name of a unit. */
  | { kind: "alias"; path: string; of: string };

/** What systemd takes a name for. */
export function stateOf(unit: string, files: UnitFiles): UnitState {
  const file = UNIT_FOLDERS.map((folder) => files.get(`${folder}/${unit}`)).find(Boolean);
  if (!file) return { kind: "missing" };
  const { path, link, text } = file;
  if (link === "/dev/null") return { kind: "masked", path, how: "link" };
  const target = link?.slice(link.lastIndexOf("/") + 1);
  // a link to a file of the same name only says where the file lies (`systemctl link`)
  if (target !== undefined && target !== unit) return { kind: "alias", path, of: target };
  // "If a unit file is empty (i.e. has the file size 0) ... it appears with a load state of "masked"" [systemd.unit(5)]
  return text === "" ? { kind: "masked", path, how: "empty" } : { kind: "unit", path };
}

/** Names that have a unit file anywhere. */
export function unitNames(files: UnitFiles): Set<string> {
  return new Set(
    [...files.keys()].flatMap((path) => {
      const at = path.lastIndexOf("/");
      return (UNIT_FOLDERS as readonly string[]).includes(path.slice(0, at)) ? [path.slice(at + 1)] : [];
    }),
  );
}

/** Values of a key of a unit file, words of all its lines; an empty assignment starts anew [systemd.syntax(7)]. */
export function wordsOf(text: string, section: string, key: string): string[] {
  let words: string[] = [];
  let at = "";
  for (const raw of text.replace(/\\\r?\n/g, " ").split("\n")) {
    const line = raw.trim();
    const head = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (head !== undefined) at = head;
    const equals = line.indexOf("=");
    if (at !== section || equals === -1 || line.slice(0, equals).trim() !== key) continue;
    const value = line.slice(equals + 1).trim();
    if (value === "") words = [];
    else words.push(...value.split(/\s+/));
  }
  return words;
}
