import { join } from "node:path";
import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";

/** Values of the `%` tokens, by letter (ssh_config(5) TOKENS). */
export type Tokens = Readonly<Record<string, string>>;

/** Replaces `%h` and the like. A token that is not known here is an error, as it is in ssh: a wrong path would be worse. */
export function expandTokens(text: string, tokens: Tokens, place: Place): string {
  return text.replace(/%(.?)/gs, (token: string, letter: string) => {
    if (letter === "%") return "%";
    const value = Object.hasOwn(tokens, letter) ? tokens[letter] : undefined;
    if (value === undefined) throw unknownToken(token, place);
    return value;
  });
}

/** A file of ssh_config: `~`, `${VARIABLE}` and tokens. */
export function expandPath(text: string, tokens: Tokens, env: SshEnvironment, place: Place): string {
  const path = text.replace(/\$\{(\w+)\}/g, (_all, name: string) => {
    const value = env.variables[name];
    if (value === undefined) throw unsetVariable(name, place);
    return value;
  });
  return home(expandTokens(path, tokens, place), env);
}

/** `~` and `~/...`; `~other` is left: nobody else's keys are ours to try. */
export function home(path: string, env: SshEnvironment): string {
  if (path === "~") return env.home;
  return path.startsWith("~/") ? join(env.home, path.slice(2)) : path;
}

function unknownToken(token: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `the token ${token} is not supported`, {
    where,
    hint: "Supported are %h %n %p %r %u %d %i %l %L %k %% (ssh_config(5), TOKENS); write the value out.",
  });
}

function unsetVariable(name: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `the environment variable ${name} is not set`, {
    where,
    hint: `Set ${name}, or write the value out.`,
  });
}
