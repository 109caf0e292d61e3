import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import type { ConnectionSpec } from "../spec";
import { expandPath, expandTokens, home, type Tokens } from "./expand";
import type { ConfigValue, HostConfig } from "./lookup";

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
    this.host = this.hostName();
    this.port = spec.port ?? this.number("port") ?? 22;
    if (!Number.isInteger(this.port) || this.port < 1 || this.port > 65535) throw badPort(this.port);
    this.user = spec.user ?? this.text("user") ?? env.user;
    this.tokens = {
      h: this.host,
      n: name,
      p: String(this.port),
      r: this.user,
      u: env.user,
      d: env.home,
      i: env.uid,
      l: env.hostname,
      L: env.hostname.split(".")[0] as string,
      k: this.text("hostkeyalias") ?? name,
    };
  }

  value(keyword: string): ConfigValue | undefined {
    return this.config.values.get(keyword)?.[0];
  }

  text(keyword: string): string | undefined {
    return this.value(keyword)?.args[0];
  }

  flag(keyword: string): boolean {
    return /^(yes|true)$/i.test(this.text(keyword) ?? "");
  }

  number(keyword: string): number | undefined {
    const value = this.value(keyword);
    if (!value || /^(none|0)$/i.test(value.args[0] as string)) return undefined;
    const text = value.args[0] as string;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw noNumber(text, value.place);
  }

  /** A time as in sshd_config(5), TIME FORMATS: `90`, `1m30s`. */
  seconds(keyword: string): number | undefined {
    const value = this.value(keyword);
    const text = value?.args[0] as string;
    if (!value || /^(none|0)$/i.test(text)) return undefined;
    if (!/^(\d{1,6}[smhdw]?)+$/i.test(text)) throw noNumber(text, value.place);
    const parts = [...text.matchAll(/(\d+)([smhdw]?)/gi)];
    return parts.reduce(
      (sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit?.toLowerCase() || "s"] as number),
      0,
    );
  }

  /** All files of a keyword, expanded; `none` means none. Undefined when the keyword does not occur. */
  paths(keyword: string): string[] | undefined {
    const values = this.config.values.get(keyword);
    if (!values) return undefined;
    const args = values.flatMap(({ args, place }) => args.map((arg) => ({ arg, place })));
    return args
      .filter(({ arg }) => arg !== "none")
      .map(({ arg, place }) => expandPath(arg, this.tokens, this.env, place));
  }

  /** The socket of the agent to ask: the option, IdentityAgent, else SSH_AUTH_SOCK. */
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

  family(): 0 | 4 | 6 {
    const family = this.text("addressfamily")?.toLowerCase();
    return family === "inet" ? 4 : family === "inet6" ? 6 : 0;
  }

  private hostName(): string {
    if (this.spec.host !== undefined && this.spec.alias !== undefined) return this.spec.host;
    const value = this.value("hostname");
    return value ? expandTokens(value.args[0] as string, { h: this.name }, value.place) : this.name;
  }
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function noNumber(text: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.syntax", `${JSON.stringify(text)} is no number`, {
    where,
    hint: "Write a whole number; see ssh_config(5).",
  });
}

function badPort(port: number): AcrnError {
  return new AcrnError("ssh.spec", `${port} is no TCP port`, {
    hint: "Give a whole number from 1 to 65535.",
    property: "port",
  });
}
