import { matchName } from "../../../provider/host/ssh/config/glob";
import type { FileOwner, SshEnvironment } from "../../../provider/host/ssh/env";
import { resolve } from "../../../provider/host/ssh/resolve";
import type { ConnectionSpec, ResolvedConnection } from "../../../provider/host/ssh/spec";

export const CONFIG = "/home/me/.ssh/config";
/** What most tables look up. */
export const alias: ConnectionSpec = { alias: "cell-7" };

/** An environment made of a few files. */
export function world(files: Record<string, string>, variables: Record<string, string> = {}): SshEnvironment {
  return {
    home: "/home/me",
    user: "me",
    uid: "1000",
    hostname: "laptop.lan",
    variables,
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    glob: (pattern) => Object.keys(files).filter((path) => isMeant(path.split("/"), pattern.split("/"))),
    addresses: () => new Map([["eth0", ["fe80::1", "fd00::7", "192.168.5.7"]]]),
  };
}

/** The same with owners; a file without text exists and cannot be read. */
export function ownedWorld(files: Record<string, { text?: string } & Partial<FileOwner>>): SshEnvironment {
  const texts = Object.entries(files).flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text]]));
  const owner = (path: string) => {
    const { uid = 1000, mode = 0o100600, isFile = true } = files[path] ?? {};
    return files[path] && { uid, mode, isFile };
  };
  const glob = world(Object.fromEntries(Object.keys(files).map((path) => [path, ""]))).glob;
  return { ...world(Object.fromEntries(texts)), owner, glob };
}

function isMeant(parts: string[], patterns: string[]): boolean {
  return parts.length === patterns.length && parts.every((part, index) => matchName(part, patterns[index] as string));
}

export function resolved(config: string, spec = alias, variables?: Record<string, string>): ResolvedConnection {
  return resolve(spec, world({ [CONFIG]: config }, variables));
}

/** The values of `expected`'s keys: a row of a table names what it is about. */
export function picked(found: ResolvedConnection, expected: Partial<ResolvedConnection>): Partial<ResolvedConnection> {
  const keys = Object.keys(expected) as (keyof ResolvedConnection)[];
  return Object.fromEntries(keys.map((key) => [key, found[key]]));
}
