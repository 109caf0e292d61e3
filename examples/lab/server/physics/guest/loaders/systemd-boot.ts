import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { readSnippet, type Snippet } from "../../grub/bls";
import { compareVersions } from "../../grub/kernels";
import { clearVariable, readVariable } from "./efi-vars";
import { kernelIn } from "./kernel";
import type { Choice, Loading } from "./types";

const ENTRIES = "boot/loader/entries";

interface Entry extends Snippet {
  /** The file's name with its end: what default patterns and variables say. */
  file: string;
  /** Boots that are left to it, where its name counts them (`name+3.conf`). */
  left?: number;
}

/**
 * systemd-boot: LoaderEntryOneShot, cleared as it is read, then LoaderEntryDefault, then `default` of loader.conf, a pattern; else the first of its order, where
 * entries that have used up their boots come last [systemd src/boot/efi/boot.c: config_select_default_entry; sd-boot(7), loader.conf(5)].
 */
export function bySystemdBoot(dir: string, { real }: Loading): Choice {
  const all = entries(dir);
  const pick = (pattern: string | undefined): Entry | undefined =>
    pattern
      ? all.find(({ id, file }) =>
          [id, file, file.replace(/\+[\d-]+(?=\.conf$)/, "")].some((name) => glob(pattern).test(name)),
        )
      : undefined;
  const once = readVariable(dir, "LoaderEntryOneShot");
  if (once !== undefined && real) clearVariable(dir, "LoaderEntryOneShot");
  const entry = pick(once) ?? pick(readVariable(dir, "LoaderEntryDefault")) ?? pick(configured(dir)) ?? all[0];
  if (!entry) return { nothing: "systemd-boot has no entry" };
  const [linux = ""] = entry.values("linux");
  const file = `/boot${linux}`;
  if (!existsSync(join(dir, file))) return { nothing: `systemd-boot cannot read ${linux}` };
  if (real) count(dir, entry);
  const title = entry.values("title")[0] ?? entry.id;
  const initrds = entry.values("initrd").map((path) => `initrd=${path.replaceAll("/", "\\")}`);
  return {
    title,
    id: entry.id,
    ...kernelIn(dir, file),
    cmdline: [...initrds, ...entry.values("options")].join(" "),
    initrd: initrds.length > 0,
  };
}

/** In the order of the menu: used up ones last, then by version, then by name, descending. */
function entries(dir: string): Entry[] {
  const folder = join(dir, ENTRIES);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".conf")) : [];
  const read = names.map((file): Entry => {
    const [, id = "", left] = /^(.*?)(?:\+(\d+)(?:-\d+)?)?\.conf$/.exec(file) ?? [];
    return {
      ...readSnippet(id, readFileSync(join(folder, file), "utf8")),
      file,
      ...(left !== undefined && { left: Number(left) }),
    };
  });
  const version = (entry: Entry): string => entry.values("version")[0] ?? "";
  const used = ({ left }: Entry): number => (left === 0 ? 1 : 0);
  return read.sort(
    (a, b) => used(a) - used(b) || compareVersions(version(b), version(a)) || compareVersions(b.id, a.id),
  );
}

/** Boot counting: one less left, one more done, in the file's name [systemd, docs/AUTOMATIC_BOOT_ASSESSMENT.md]. */
function count(dir: string, { file }: Entry): void {
  const [, name, left, done = "0"] = /^(.*)\+(\d+)(?:-(\d+))?\.conf$/.exec(file) ?? [];
  if (left === undefined || Number(left) === 0) return;
  const next = `${name}+${Number(left) - 1}-${Number(done) + 1}.conf`;
  renameSync(join(dir, ENTRIES, file), join(dir, ENTRIES, next));
}

function configured(dir: string): string | undefined {
  const path = join(dir, "boot/loader/loader.conf");
  return existsSync(path) ? readSnippet("", readFileSync(path, "utf8")).values("default").at(-1) : undefined;
}

/** fnmatch(3), as far as names of entries need it. */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );
