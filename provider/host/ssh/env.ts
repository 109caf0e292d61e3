import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, hostname, networkInterfaces, userInfo } from "node:os";
import { join } from "node:path";
import { hasWildcards, matchName } from "./config/glob";

/** What the lookup of a connection takes from this computer; an argument, so that tests can be tables. */
export interface SshEnvironment {
  home: string;
  user: string;
  uid: string;
  hostname: string;
  variables: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** The files that a path with wildcards means, sorted, as glob(7) does. */
  glob(pattern: string): string[];
  /** Who may write a file; undefined when it is not there. Left out: the owner is not looked at. */
  owner?(path: string): FileOwner | undefined;
  /** The addresses of this computer by interface. Left out: not known. */
  addresses?(): ReadonlyMap<string, readonly string[]>;
}

export interface FileOwner {
  uid: number;
  mode: number;
  isFile: boolean;
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
    owner,
    addresses,
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
    found = hasWildcards(part)
      ? found.flatMap((folder) => entries(folder, part).map((name) => join(folder, name)))
      : found.map((folder) => join(folder, part));
  }
  return found.filter((path) => existsSync(path));
}

function entries(folder: string, pattern: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => matchName(name, pattern))
      .sort();
  } catch {
    return [];
  }
}

function owner(path: string): FileOwner | undefined {
  try {
    const stat = statSync(path);
    return { uid: stat.uid, mode: stat.mode, isFile: stat.isFile() };
  } catch {
    return undefined;
  }
}

function addresses(): ReadonlyMap<string, readonly string[]> {
  const all = Object.entries(networkInterfaces());
  return new Map(all.map(([name, list]) => [name, (list ?? []).map(({ address }) => address)]));
}
