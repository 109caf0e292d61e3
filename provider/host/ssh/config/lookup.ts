import { dirname, isAbsolute, join } from "node:path";
import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import { matchPatterns } from "../pattern";
import { home } from "./expand";
import { type ConfigLine, configLines } from "./lines";
import { matchSection } from "./match";

/** A value of ssh_config and where it stands. */
export interface ConfigValue {
  args: readonly string[];
  place: Place;
}

/** What ssh_config says about one machine: per keyword (lower case) the first value, all of them for IdentityFile. */
export interface HostConfig {
  values: ReadonlyMap<string, readonly ConfigValue[]>;
  /** A section other than `Host *` spoke about the name. */
  configured: boolean;
}

export interface ConfigFile {
  path: string;
  /** Where `Include` with a relative path looks. */
  includeFolder: string;
  /** A file that the user named has to exist. */
  required: boolean;
}

/** Nesting of Include that ssh allows (READCONF_MAX_DEPTH in OpenSSH's readconf.c). */
const MAX_DEPTH = 16;
const ACCUMULATE = new Set(["identityfile", "certificatefile"]);

/**
 * Reads ssh_config as ssh does: first value wins, sections by Host and Match, Include in place. Our own walk over the
 * parsed lines, because the package's `compute` runs commands (Match exec, nslookup) and takes its user from the system.
 */
export function lookup(
  name: string,
  user: string | undefined,
  files: readonly ConfigFile[],
  env: SshEnvironment,
): HostConfig {
  const walk = new Walk(name, user, env);
  for (const file of files) walk.file(file, 0, true);
  if (walk.finalPassWanted) {
    walk.finalPass = true;
    for (const file of files) walk.file(file, 0, true);
  }
  return walk;
}

class Walk implements HostConfig {
  readonly values = new Map<string, ConfigValue[]>();
  configured = false;
  finalPassWanted = false;
  finalPass = false;

  constructor(
    private readonly name: string,
    private readonly user: string | undefined,
    private readonly env: SshEnvironment,
  ) {}

  /** A section ends with its file; lines after an Include count as they did before it (readconf.c). */
  file(file: ConfigFile, depth: number, outer: boolean): void {
    const text = this.env.readFile(file.path);
    if (text === undefined) {
      if (file.required) throw unreadable(file.path);
      return;
    }
    let active = outer;
    for (const line of configLines(text, file.path)) {
      const place: Place = { file: file.path, line: line.line, column: 1 };
      if (line.keyword === "host") active = outer && this.host(line);
      else if (line.keyword === "match") active = outer && this.match(line, file.path);
      else if (!active) continue;
      else if (line.keyword === "include") this.include(line, file, depth, place);
      else this.set(line, place);
    }
  }

  private host(line: ConfigLine): boolean {
    if (!matchPatterns(this.name, line.args)) return false;
    if (line.args.some((pattern) => pattern !== "*" && !pattern.startsWith("!"))) this.configured = true;
    return true;
  }

  private match(line: ConfigLine, file: string): boolean {
    const hostName = this.values.get("hostname")?.[0]?.args[0];
    return matchSection(line, file, {
      original: this.name,
      host: hostName?.replaceAll("%h", this.name) ?? this.name,
      user: this.user ?? this.values.get("user")?.[0]?.args[0] ?? this.env.user,
      localUser: this.env.user,
      finalPass: this.finalPass,
      wantFinalPass: () => {
        this.finalPassWanted = true;
      },
    });
  }

  private include(line: ConfigLine, file: ConfigFile, depth: number, place: Place): void {
    if (depth >= MAX_DEPTH) {
      throw new AcrnError("ssh.config.syntax", "files include each other too deeply", {
        where: place,
        hint: "Remove the Include that leads back to its own file.",
      });
    }
    for (const arg of line.args) {
      const path = home(arg, this.env);
      const pattern = isAbsolute(path) ? path : join(file.includeFolder, path);
      for (const found of this.env.glob(pattern)) this.file({ ...file, path: found, required: false }, depth + 1, true);
    }
  }

  private set(line: ConfigLine, place: Place): void {
    const known = this.values.get(line.keyword);
    const value = { args: line.args, place };
    if (!known) this.values.set(line.keyword, [value]);
    else if (ACCUMULATE.has(line.keyword)) {
      if (!known.some(({ args }) => args[0] === line.args[0])) known.push(value);
    }
  }
}

function unreadable(path: string): AcrnError {
  return new AcrnError("ssh.config.unreadable", `cannot read the ssh_config ${path}`, {
    hint: "Correct `sshConfig`, or leave it out for the default files.",
  });
}

/** The files that ssh reads: the user's, then the system's; only the named one with `ssh -F`. */
export function configFiles(sshConfig: string | false | undefined, home: string): ConfigFile[] {
  if (sshConfig === false) return [];
  const userFolder = join(home, ".ssh");
  if (sshConfig !== undefined) return [{ path: sshConfig, includeFolder: userFolder, required: true }];
  const system = "/etc/ssh/ssh_config";
  return [
    { path: join(userFolder, "config"), includeFolder: userFolder, required: false },
    { path: system, includeFolder: dirname(system), required: false },
  ];
}
