import { isAbsolute, join } from "node:path";
import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import { matchPattern } from "../pattern";
import { canonicalizes, normalHost } from "./canonical";
import { expandPath, expandTokens, tokensOf } from "./expand";
import { type ConfigFile, configText } from "./files";
import { checkedKeyword } from "./keywords";
import { type ConfigLine, configLines, syntax } from "./lines";
import { matchSection } from "./match";
import type { ConfigValue, HostConfig } from "./types";

/** What the user gave; it beats the files, and Match sees it. */
export interface Given {
  user?: string | undefined;
  host?: string | undefined;
  /** A jump host, or none. */
  jump?: boolean | undefined;
}

/** Nesting of Include that ssh allows (READCONF_MAX_DEPTH in OpenSSH's readconf.c). */
const MAX_DEPTH = 16;
/** Far more than anybody has; depth alone lets files that name each other grow to the power of it. */
const MAX_FILES = 1000;
/** So many of each are kept, SSH_MAX_IDENTITY_FILES and SSH_MAX_CERTIFICATE_FILES in readconf.h. */
const MAX_IDENTITIES = 100;
const ACCUMULATE = new Set(["identityfile", "certificatefile"]);
/** Taken as they stand, comment and all. */
const COMMANDS = new Set(["proxycommand", "knownhostscommand"]);
/** Whichever of the two comes first counts (ssh_config(5), ProxyJump). */
const PROXY = ["proxyjump", "proxycommand"];

/**
 * Reads ssh_config as ssh does: first value wins, sections by Host and Match, Include in place, and all a second time
 * where `Match final` or CanonicalizeHostname asks for it, with HostName in the place of the name (ssh.c, main).
 */
export function lookup(name: string, given: Given, files: readonly ConfigFile[], env: SshEnvironment): HostConfig {
  const walk = new Walk(name, given, env);
  for (const file of files) walk.file(file, { depth: 0, active: true });
  walk.host = normalHost(walk.hostName(), walk.values.get("addressfamily")?.[0]?.args[0]?.toLowerCase());
  const direct = given.jump === undefined ? !walk.proxied() : !given.jump;
  if (canonicalizes(walk.host, walk.values, direct) || walk.finalPassWanted) {
    walk.finalPass = true;
    walk.subject = walk.host;
    for (const file of files) walk.file(file, { depth: 0, active: true });
  }
  return walk;
}

/** `active`: the section around the Include applies; false: the file is only checked (SSHCONF_NEVERMATCH). */
interface Level {
  depth: number;
  active: boolean;
  from?: Place;
}

class Walk implements HostConfig {
  readonly values = new Map<string, ConfigValue[]>();
  configured = false;
  finalPassWanted = false;
  finalPass = false;
  host: string;
  /** What `Host` is compared with. */
  subject: string;
  private files = 0;

  constructor(
    private readonly name: string,
    private readonly given: Given,
    private readonly env: SshEnvironment,
  ) {
    this.host = this.subject = name;
  }

  /** A section ends with its file; lines after an Include count as they did before it (readconf.c). */
  file(file: ConfigFile, level: Level): void {
    const text = configText(file, this.env, level.from);
    if (text === undefined) return;
    let active = level.active;
    for (const line of configLines(text, file.path)) {
      const keyword = checkedKeyword(line, this.values.get("ignoreunknown")?.[0]?.args[0]);
      if (keyword === "host") active = level.active && this.isMeant(line);
      else if (keyword === "match") active = this.match(line, level.active);
      else if (keyword === "include") this.include(line, file, { ...level, active });
      else if (keyword !== undefined && active) this.set(keyword, line);
    }
  }

  hostName(): string {
    if (this.given.host !== undefined) return this.given.host;
    const value = this.values.get("hostname")?.[0];
    return value ? expandTokens(value.args[0] as string, { h: this.name }, value.place) : this.name;
  }

  proxied(): boolean {
    return PROXY.some((keyword) => {
      const value = this.values.get(keyword)?.[0];
      return value !== undefined && !/^none$/i.test(value.args.join(" "));
    });
  }

  private isMeant({ words }: ConfigLine): boolean {
    const patterns = words.map(({ text }) => text);
    const matching = patterns.filter((pattern) => matchPattern(this.subject, pattern.replace(/^!/, "")));
    if (matching.length === 0 || matching.some((pattern) => pattern.startsWith("!"))) return false;
    if (patterns.some((pattern) => pattern !== "*" && !pattern.startsWith("!"))) this.configured = true;
    return true;
  }

  private match(line: ConfigLine, active: boolean): boolean {
    const matches = matchSection(line, {
      original: this.name,
      host: this.finalPass ? this.host : this.hostName(),
      user: this.given.user ?? this.first("user") ?? this.env.user,
      localUser: this.env.user,
      tag: this.first("tag") ?? "",
      addresses: () => this.env.addresses && [...this.env.addresses().values()].flat(),
      finalPass: this.finalPass,
      relevant: active,
      wantFinalPass: () => {
        this.finalPassWanted = true;
      },
    });
    return matches && active;
  }

  private first(keyword: string): string | undefined {
    return this.values.get(keyword)?.[0]?.args[0];
  }

  private include(line: ConfigLine, file: ConfigFile, { depth, active }: Level): void {
    for (const { text, at } of line.words) {
      const from = line.place(at);
      for (const path of this.env.glob(this.included(text, file, from))) {
        if (depth >= MAX_DEPTH) throw syntax("files include each other too deeply", from, LOOP);
        if (++this.files > MAX_FILES) throw syntax(`more than ${MAX_FILES} files are included`, from, LOOP);
        this.file({ ...file, path, checked: true, required: false }, { depth: depth + 1, active, from });
      }
    }
  }

  private included(text: string, file: ConfigFile, from: Place): string {
    if (text.startsWith("~") && !file.own) throw syntax(`bad include path ${text}`, from, "Write the path out.");
    const user = this.given.user ?? this.first("user") ?? this.env.user;
    const port = Number(this.first("port") ?? 22);
    const subject = { name: this.name, host: this.hostName(), port, user, hostKeyAlias: this.first("hostkeyalias") };
    const path = expandPath(text, tokensOf(subject, this.env), this.env, from);
    return isAbsolute(path) ? path : join(file.includeFolder, path);
  }

  private set(keyword: string, line: ConfigLine): void {
    const args = COMMANDS.has(keyword) ? [line.rest] : line.words.map(({ text }) => text);
    if (args.length === 0) return; // a list with nothing in it does not count (readconf.c, parse_char_array)
    if (TIMES.has(keyword) && args[0] === "none") return; // what it is before anything is read: a later one still counts (parse_time)
    const place = line.place(line.words[0]?.at);
    if (keyword === "refuseconnection") throw refusedByFile(args[0] as string, place);
    const known = this.values.get(keyword);
    if (PROXY.includes(keyword) && PROXY.some((other) => this.values.has(other))) return;
    if (!known) this.values.set(keyword, [{ args, place }]);
    else if (ACCUMULATE.has(keyword) && !known.some((value) => value.args[0] === args[0])) {
      if (known.length >= MAX_IDENTITIES)
        throw syntax(`more than ${MAX_IDENTITIES} of ${keyword}`, place, "Name fewer.");
      known.push({ args, place });
    }
  }
}

const TIMES: ReadonlySet<string> = new Set(["connecttimeout", "serveraliveinterval"]);

const LOOP = "Remove the Include that leads back to its own file.";

function refusedByFile(message: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.refused", `RefuseConnection: ${message}`, {
    where,
    hint: "ssh_config forbids connections to this machine.",
  });
}
