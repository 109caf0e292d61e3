import type { ConnectionSpec } from "../../../../provider/host/ssh/spec";
import type { Agents } from "./agents";
import type { Servers } from "./servers";
import type { World } from "./world";

/** What a row is made of: everything that runs. */
export interface Stage {
  world: World;
  servers: Servers;
  agents: Agents;
}

/** What ssh and we do with a configuration. The row says it in advance, and both are held to it. */
export type Expected =
  /** Both run the command; it ends with this status (`true` alone: 0). */
  | { both: "accept"; status?: number }
  /** Both refuse; ours with this code and words. */
  | { both: "refuse"; code: string; says: RegExp }
  /** ssh accepts and we refuse, and that is meant. */
  | { stricter: string; code: string; says: RegExp };

/** One configuration: an ssh_config with one Host `target`, the keys, agent and server that it names. */
export interface Row {
  name: string;
  expected: Expected;
  /** Door of a server, `closed` for a port where nothing listens. @default plain */
  door?: string;
  /** @default the user who is let in */
  user?: string;
  /** Names of keys for IdentityFile; []: `none`; null: the line is missing, so that default files count. @default ed25519 */
  keys?: readonly string[] | null;
  /** Text of the known_hosts file; null: no such file. `name` is how ssh names the door there. @default the ed25519 key */
  known?: ((stage: Stage, name: string) => string) | null;
  /** IdentityAgent. @default none */
  agent?: string;
  /** SSH_AUTH_SOCK, by the agent's name. */
  inheritedAgent?: string;
  /** Lines that go first in the section, so that they win over what the harness writes. */
  lines?: (stage: Stage) => readonly string[];
  /** Sections before and after `Host target`. */
  before?: (stage: Stage) => readonly string[];
  after?: (stage: Stage) => readonly string[];
  /** For ssh by SSH_ASKPASS, for us in the specification: so BatchMode is off. */
  password?: string;
  passphrase?: string;
  spec?: (stage: Stage) => ConnectionSpec;
  /** Only where accounts can be made: another user than oneself, a password. */
  accounts?: true;
}

export const accept: Expected = { both: "accept" };
export const status = (code: number): Expected => ({ both: "accept", status: code });
export const refuse = (code: string, says: RegExp): Expected => ({ both: "refuse", code, says });
export const stricter = (why: string, code: string, says: RegExp): Expected => ({ stricter: why, code, says });

/** How ssh names a port of the loopback address in known_hosts. */
export const knownName = (port: number): string => `[127.0.0.1]:${port}`;

/** Writes the row's files and returns its ssh_config. */
export function writeRow(stage: Stage, row: Row, id: number): string {
  const { world, servers } = stage;
  const port = row.door === "closed" ? 1 : servers.port(row.door ?? "plain");
  const known =
    row.known === null
      ? world.file("no-such-file")
      : world.write(`known_hosts.${id}`, (row.known ?? ed25519Known)(stage, knownName(port)));
  const keys = row.keys === undefined ? ["ed25519"] : row.keys;
  const lines = [
    ...(row.before?.(stage) ?? []),
    "Host target",
    ...(row.lines?.(stage) ?? []),
    "HostName 127.0.0.1",
    `Port ${port}`,
    `User ${row.user ?? world.user}`,
    `UserKnownHostsFile ${known}`,
    "GlobalKnownHostsFile none",
    ...(keys?.map((key) => `IdentityFile ${world.file(key)}`) ?? []),
    ...(keys?.length === 0 ? ["IdentityFile none"] : []),
    ...(row.inheritedAgent ? [] : [`IdentityAgent ${row.agent ? stage.agents.socket(row.agent) : "none"}`]),
    "ConnectTimeout 10",
    "NumberOfPasswordPrompts 1",
    ...(row.after?.(stage) ?? []),
  ];
  return world.write(`config.${id}`, `${lines.join("\n")}\n`);
}

/** The line that lets the ed25519 key of a server be known. */
export function ed25519Known({ world }: Stage, name: string): string {
  return `${name} ${world.publicKey("host_ed25519")}\n`;
}
