import { readdirSync, readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { matchPattern } from "./pattern";

/** What the lookup of a connection takes from this computer; an argument, so that tests can be tables. */
export interface SshEnvironment {
  home: string;
  user: string;
  uid: string;
  hostname: string;
  variables: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** The files that a path with `*` and `?` means, sorted, as glob(7) does. */
  glob(pattern: string): string[];
}

/** The real one. */
export function systemEnvironment(): SshEnvironment {
  const variables = process.env;
  return {
    home: variables.HOME || homedir(),
    user: localUser(),
    uid: String(process.getuid?.() ?? ""),
    hostname: hostname(),
    variables,
    readFile(path) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    glob,
  };
}

/** os.userInfo() throws for a uid without passwd entry (containers). */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER || process.env.LOGNAME || "root";
  }
}

function glob(pattern: string): string[] {
  let found = [pattern.startsWith("/") ? "/" : "."];
  for (const part of pattern.split("/").filter((part) => part !== "")) {
    found = /[*?]/.test(part)
      ? found.flatMap((folder) => entries(folder, part).map((name) => join(folder, name)))
      : found.map((folder) => join(folder, part));
  }
  return found;
}

function entries(folder: string, pattern: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => matchPattern(name, pattern));
    return names.filter((name) => !name.startsWith(".") || pattern.startsWith(".")).sort();
  } catch {
    return [];
  }
}
