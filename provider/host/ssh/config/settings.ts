import { AcrnError } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import type { ConnectionSpec } from "../spec";
import { expandAll, expandPath, home, homeOf, type Tokens, tokensOf } from "./expand";
import type { ConfigValue, HostConfig } from "./types";
import { number, seconds } from "./values";

/** The values of one machine, typed and expanded; what the user gave beats ssh_config. */
export class Settings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  private readonly tokens: Tokens;

  constructor(
    readonly name: string,
    private readonly spec: ConnectionSpec,
    private readonly config: HostConfig,
    private readonly env: SshEnvironment,
  ) {
    this.host = config.host;
    this.port = spec.port ?? this.number("port") ?? 22;
    if (!Number.isInteger(this.port) || this.port < 1 || this.port > 65535) throw badPort(this.port);
    this.user = spec.user ?? this.configuredUser() ?? env.user;
    this.tokens = tokensOf({ ...this.subject(), user: this.user }, env);
  }

  value(keyword: string): ConfigValue | undefined {
    return this.config.values.get(keyword)?.[0];
  }

  text(keyword: string): string | undefined {
    return this.value(keyword)?.args[0];
  }

  /** Whether a flag is on; undefined when it does not occur. */
  flag(keyword: string): boolean | undefined {
    const text = this.text(keyword);
    return text === undefined ? undefined : !/^(no|false)$/i.test(text);
  }

  number(keyword: string): number | undefined {
    return number(this.text(keyword) ?? "");
  }

  /** A time in seconds; none and 0, which ssh takes for "no limit" and "never", are as if the keyword did not occur. */
  seconds(keyword: string): number | undefined {
    return seconds(this.text(keyword) ?? "") || undefined;
  }

  /** All files of a keyword, expanded; `none` means none. Undefined when the keyword does not occur. */
  paths(keyword: string): string[] | undefined {
    return this.files(keyword)?.map(({ arg, place }) => expandPath(arg, this.tokens, this.env, place));
  }

  /** The same for a keyword whose tokens ssh leaves as they are. */
  plainPaths(keyword: string): string[] | undefined {
    return this.files(keyword)?.map(({ arg, place }) => homeOf(arg, this.env, place));
  }

  /** The socket of the agent to ask: the option, IdentityAgent, else SSH_AUTH_SOCK (ssh.c, main). */
  agent(): string | undefined {
    if (this.spec.agent === false) return undefined;
    if (this.spec.agent !== undefined) return home(this.spec.agent, this.env);
    const value = this.value("identityagent");
    const inherited = this.env.variables.SSH_AUTH_SOCK || undefined;
    if (!value || value.args[0] === "SSH_AUTH_SOCK") return inherited;
    const text = value.args[0] as string;
    if (text === "none") return undefined;
    if (text.startsWith("$") && !text.startsWith("${")) return this.env.variables[text.slice(1)] || undefined;
    return expandPath(text, this.tokens, this.env, value.place);
  }

  /** ProxyJump with its tokens expanded (ssh_config(5), TOKENS); `none` and absent are undefined. */
  proxyJump(): string | undefined {
    const value = this.value("proxyjump");
    if (!value) return undefined;
    const text = value.args.join(",");
    if (/^none$/i.test(text)) return undefined;
    const { h = "", n = "", p = "", r = "" } = this.tokens;
    const hops = expandAll(text, { h, n, p, r }, { ...this.env, variables: {} }, value.place);
    if (!/\s/.test(hops)) return hops;
    throw new AcrnError("ssh.config.syntax", `${JSON.stringify(hops)} is no list of jump hosts`, {
      where: value.place,
      hint: "Separate them by commas.",
    });
  }

  family(): 0 | 4 | 6 {
    const family = this.text("addressfamily")?.toLowerCase();
    return family === "inet" ? 4 : family === "inet6" ? 6 : 0;
  }

  /** Tokens and variables in User are OpenSSH 10's; all but `%r`, which it is itself. */
  private configuredUser(): string | undefined {
    const value = this.value("user");
    return value && expandAll(value.args[0] as string, tokensOf(this.subject(), this.env), this.env, value.place);
  }

  private subject() {
    return { name: this.name, host: this.host, port: this.port, hostKeyAlias: this.text("hostkeyalias") };
  }

  private files(keyword: string) {
    const values = this.config.values.get(keyword);
    return values
      ?.flatMap(({ args, place }) => args.map((arg) => ({ arg, place })))
      .filter(({ arg }) => !/^none$/i.test(arg));
  }
}

function badPort(port: number): AcrnError {
  return new AcrnError("ssh.spec", `${port} is no TCP port`, {
    hint: "Give a whole number from 1 to 65535.",
    property: "port",
  });
}
