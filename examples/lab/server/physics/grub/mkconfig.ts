import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Translator } from "../translate";
import { readEnvironment } from "./environment";
import { EXPORTED } from "./exported";
import { header } from "./header";
import { LIBRARY, programs } from "./library";
import { PACKAGED } from "./packaged";
import { DEVICE, environmentFile, FS_UUID, type GrubSpec, menuFile } from "./spec";

export interface Made {
  status: number;
  /** What it says while it works. */
  said: string[];
  text: string;
  /** Those that its scripts had; none where they cannot be read. */
  settings?: Readonly<Record<string, string>>;
}

/** `grub-mkconfig -o /boot/grub/grub.cfg`: a new file, then its name [util/grub-mkconfig.in, as Debian patches it]. */
export function updateGrub(dir: string, grub: GrubSpec = {}, to = menuFile(grub)): Made {
  const made = mkconfig(dir, grub);
  if (made.status !== 0) return made;
  const path = join(dir, to);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, made.text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return made;
}

/** The menu that tree and settings make. */
export function mkconfig(dir: string, grub: GrubSpec = {}): Made {
  const work = mkdtempSync(join(tmpdir(), "acrn-lab-grub-"));
  try {
    return new Run(dir, grub, work).menu();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Run {
  private readonly said: string[] = ["Generating grub configuration file ..."];
  private readonly translator: Translator;

  constructor(
    private readonly dir: string,
    private readonly grub: GrubSpec,
    private readonly work: string,
  ) {
    const bin = join(work, "bin");
    this.translator = new Translator(dir, join(work, "scripts"), bin);
    mkdirSync(bin);
    for (const [name, text] of Object.entries(programs(dir, grub)))
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    writeFileSync(join(work, "grub-mkconfig_lib"), LIBRARY);
  }

  menu(): Made {
    const { said, dir, grub } = this;
    const failed = (text: string): Made => ({ status: 1, said: [...said, text], text: "" });
    const settings = this.settings();
    if (typeof settings === "string") return failed(settings);
    const parts = [header(settings)];
    for (const name of this.scripts()) {
      const script = join(dir, "etc/grub.d", name);
      const world = { dir, grub, settings, say: (line: string) => void said.push(line) };
      const own = ours(script) ? PACKAGED[name]?.(world) : undefined;
      const text = own ? `${own.join("\n")}\n` : this.script(script, settings);
      if (text === undefined) return failed(`${script.slice(dir.length)} ended with an error`);
      parts.push(`\n### BEGIN /etc/grub.d/${name} ###\n${text}### END /etc/grub.d/${name} ###\n`);
    }
    if (grub.updateFails !== undefined) return failed(grub.updateFails);
    said.push("done");
    return { status: 0, said, text: parts.join(""), settings };
  }

  /** By name; what is no script, or is not executable, is left out. */
  private scripts(): string[] {
    const folder = join(this.dir, "etc/grub.d");
    const there = (existsSync(folder) ? readdirSync(folder) : []).filter(
      (name) =>
        !/(~|^#.*#|\.dpkg-.*|\.rpm(save|new|orig)|\.sig)$|^README|^00_header$/.test(name) &&
        executable(join(folder, name)),
    );
    const unlisted = Object.keys(PACKAGED).filter((name) => !existsSync(join(folder, name)) && this.installed(name));
    return [...there, ...unlisted].sort();
  }

  /** A tree need not list the packages' own scripts: GRUB's are everywhere, and ACRN's where there is an image. */
  private installed(name: string): boolean {
    if (name !== "25_linux_acrn") return name === "10_linux";
    return readdirSync(join(this.dir, "boot")).some((file) => /^acrn.*\.bin$/.test(file));
  }

  /** /etc/default/grub, then grub.d/*.cfg, in one shell; a text is what went wrong. */
  private settings(): Record<string, string> | string {
    const folder = join(this.dir, "etc/default/grub.d");
    const more = existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^[^.].*\.cfg$/.test(name))
          .sort()
      : [];
    const files = [join(this.dir, "etc/default/grub"), ...more.map((name) => join(folder, name))].filter(existsSync);
    const lines = files.map((file) => `. '${this.sourced(file)}' >&2`);
    const export_ = `export ${EXPORTED.join(" ")}`;
    const { status, stdout } = this.sh(["-c", `set -e\n${lines.join("\n")}\n${export_}\nenv -0\n`], this.base());
    if (status !== 0) return "the settings of GRUB cannot be read";
    const all = Object.fromEntries(stdout.split("\0").map((entry) => pair(entry)));
    if (all.GRUB_DEFAULT === "saved") all.GRUB_ACTUAL_DEFAULT = this.saved();
    else all.GRUB_ACTUAL_DEFAULT = all.GRUB_DEFAULT ?? "";
    return all;
  }

  /** It has no line of an interpreter, which a script's copy leaves as it is. */
  private sourced(file: string): string {
    const copy = join(this.work, basename(file));
    const text = readFileSync(file, "latin1");
    const own = knowsItsRoot(text) ? text : this.translator.text(`\n${text}`, file);
    writeFileSync(copy, own, "latin1");
    return copy;
  }

  private script(script: string, settings: Record<string, string>): string | undefined {
    const text = readFileSync(script, "latin1");
    const shell = /^#!.*\bbash\b/.test(text) ? "bash" : "sh";
    const copy = knowsItsRoot(text) ? script : this.translator.copy(script);
    const { status, stdout } = this.sh([copy], settings, shell);
    return status === 0 ? stdout.replaceAll(this.dir, "") : undefined;
  }

  private sh(args: string[], env: Record<string, string>, shell = "sh") {
    const { status, stdout, stderr } = spawnSync(shell, args, { env, encoding: "latin1", cwd: this.dir });
    this.said.push(...stderr.replaceAll(this.dir, "").split("\n").filter(Boolean));
    return { status, stdout };
  }

  private base(): Record<string, string> {
    const { work, dir, grub } = this;
    return {
      PATH: `${join(work, "bin")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      LC_ALL: "C",
      PULUMI_ACRN_ROOT: dir,
      pkgdatadir: work,
      grub_mkconfig_dir: join(dir, "etc/grub.d"),
      sysconfdir: join(dir, "etc"),
      ...{ grub_probe: "grub-probe", grub_file: "grub-file", grub_mkrelpath: "grub-mkrelpath" },
      ...{ GRUB_DEVICE: DEVICE, GRUB_DEVICE_UUID: FS_UUID, GRUB_DEVICE_BOOT: DEVICE, GRUB_DEVICE_BOOT_UUID: FS_UUID },
      GRUB_FS: grub.fs ?? "ext2",
    };
  }

  private saved(): string {
    try {
      return readEnvironment(join(this.dir, environmentFile(this.grub))).get("saved_entry") ?? "";
    } catch {
      return "";
    }
  }
}

/** What stands for a packaged script in a tree that lists them: the lab makes its lines. */
export const STANDS_FOR_PACKAGED = "#!/bin/sh\n# as packaged: the lab makes its lines\n";

const ours = (script: string): boolean => !existsSync(script) || readFileSync(script, "latin1") === STANDS_FOR_PACKAGED;

/** Texts of the product take the prefix of the tree from their environment. */
const knowsItsRoot = (text: string): boolean => text.includes("PULUMI_ACRN_ROOT");

function pair(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
