import { homedir } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import type { HostSettings } from "../../../provider/resources/host-settings";
import { Secret } from "./program-text";

/** The secrets of a connection, with what the project calls them in the stack's configuration. */
const SECRETS = ["password", "passphrase", "sudoPassword"] as const;

/**
 * The settings of this run as arguments of an AcrnHost in another folder: paths are made to hold from there, and secrets
 * come from the stack's configuration.
 */
export function hostArgs({ connection, scenario, ...rest }: HostSettings, dir: string): Record<string, unknown> {
  const imported = scenario ? { scenario: { import: fromProject(scenario.import, dir) } } : {};
  return { connection: connectionArgs(connection, dir), ...imported, ...rest };
}

export function secretsIn({ connection }: HostSettings): string[] {
  return SECRETS.filter((key) => typeof connection === "object" && key in connection);
}

function connectionArgs(connection: HostSettings["connection"], dir: string): unknown {
  if (typeof connection === "string") return connection;
  if ("root" in connection) return { root: fromProject(connection.root, dir) };
  const out: Record<string, unknown> = { ...connection };
  for (const key of SECRETS) if (out[key] !== undefined) out[key] = new Secret(key);
  for (const key of ["sshConfig", "privateKeyFile", "knownHosts"])
    if (typeof out[key] === "string") out[key] = fromAnywhere(out[key]);
  // An alias alone is written as one.
  return Object.keys(out).length === 1 ? out.host : out;
}

/** Files of SSH belong to whoever runs it, not to the project. */
function fromAnywhere(path: string): string {
  if (path.startsWith("~")) return path;
  const full = resolve(path);
  const below = relative(homedir(), full);
  return below.startsWith("..") || isAbsolute(below) ? full : `~/${below}`;
}

/** Taken from the folder of the program, which is where the engine runs it. */
function fromProject(path: string, dir: string): string {
  const way = relative(resolve(dir), resolve(path));
  return way.startsWith(".") ? way : `./${way}`;
}
