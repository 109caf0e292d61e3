import { join } from "node:path";
import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";

/** Values of the `%` tokens, by letter (ssh_config(5) TOKENS). */
export type Tokens = Readonly<Record<string, string>>;

/** What the tokens stand for, as far as it is known. `k`, the HostKeyAlias, is else the name that the user gave. */
export interface Subject {
  name: string;
  host: string;
  port: number;
  user?: string;
  hostKeyAlias?: string | undefined;
}

export function tokensOf({ name, host, port, user, hostKeyAlias }: Subject, env: SshEnvironment): Tokens {
  return {
    h: host,
    n: name,
    p: String(port),
    ...(user === undefined ? {} : { r: user }),
    u: env.user,
    d: env.home,
    i: env.uid,
    l: env.hostname,
    L: env.hostname.split(".")[0] as string,
    k: hostKeyAlias?.toLowerCase() ?? name,
  };
}

/** Replaces `%h` and the like. A token that is not known here is an error, as it is in ssh: a wrong path would be worse. */
export function expandTokens(text: string, tokens: Tokens, place: Place): string {
  return text.replace(/%(.?)/gs, (token: string, letter: string) => tokenValue(token, letter, tokens, place));
}

/** Tokens and `${VARIABLE}` in one go, so that neither is looked for in what the other brought (misc.c, percent_dollar_expand). */
export function expandAll(text: string, tokens: Tokens, env: SshEnvironment, place: Place): string {
  return text.replace(/\$\{([^}]*)(\}?)|%(.?)/gs, (found: string, name?: string, closed?: string, letter?: string) => {
    if (name === undefined) return tokenValue(found, letter ?? "", tokens, place);
    const value = closed ? env.variables[name] : undefined;
    if (value === undefined) throw unsetVariable(found, place);
    return value;
  });
}

/** A file of ssh_config: `~`, `${VARIABLE}` and tokens. */
export function expandPath(text: string, tokens: Tokens, env: SshEnvironment, place: Place): string {
  return expandAll(homeOf(text, env, place), tokens, env, place);
}

/** `~` and `~/...`, in a file; where another user's home is, only the name service knows. */
export function homeOf(path: string, env: SshEnvironment, place: Place): string {
  if (/^~[^/]/.test(path)) throw otherHome(path, place);
  return home(path, env);
}

/** `~` and `~/...`; `~other` is left: nobody else's keys are ours to try. */
export function home(path: string, env: SshEnvironment): string {
  if (path === "~") return env.home;
  return path.startsWith("~/") ? join(env.home, path.slice(2)) : path;
}

function tokenValue(token: string, letter: string, tokens: Tokens, place: Place): string {
  if (letter === "%") return "%";
  const value = Object.hasOwn(tokens, letter) ? tokens[letter] : undefined;
  if (value === undefined) throw unknownToken(token, tokens, place);
  return value;
}

function unknownToken(token: string, tokens: Tokens, where: Place): AcrnError {
  const known = Object.keys(tokens).map((letter) => `%${letter}`);
  return new AcrnError("ssh.config.unsupported", `the token ${token} is not supported here`, {
    where,
    hint: `Supported here are ${known.join(" ")} %% (ssh_config(5), TOKENS); write the value out.`,
  });
}

function unsetVariable(found: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `the environment variable ${found} is not set`, {
    where,
    hint: "Set it for the process that runs Pulumi, or write the value out.",
  });
}

function otherHome(path: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `the home in ${JSON.stringify(path)} cannot be looked up`, {
    where,
    hint: "Write the path out.",
  });
}
