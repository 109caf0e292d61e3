import { Command } from "commander";
import type { Status } from "./exit";
import { type Host, type HostOptions, openHost } from "./host";
import type { Io } from "./io";
import type { Output } from "./output";

/** What every command has at hand. */
export interface Context {
  io: Io;
  output: Output;
}

export type Reached = (status: Status) => void;

/** A command that reaches a machine, with the options that all of those have. @param target `[target]` where it can do without one */
export function hostCommand(name: string, description: string, target = "<target>"): Command {
  return new Command(name)
    .description(description)
    .argument(target, "host or folder")
    .option("--ssh-config <file>", "read this ssh_config instead of ~/.ssh/config")
    .option("--identity <file>", "log in with this private key")
    .option("--jump <host>", "go through this host: [user@]host[:port] or an alias")
    .option("--known-hosts <file>", "the known_hosts to check the host's key against")
    .option("--host-key <key>", "the host's key: ssh-ed25519 AAAA... or SHA256:...")
    .option("--password-env <name>", "environment variable that holds the login password")
    .option("--passphrase-env <name>", "environment variable that holds the passphrase of the key")
    .option("--sudo-password-env <name>", "environment variable that holds the password for sudo")
    .option("--import <file>", "make the scenario source from this file instead of the host's record")
    .option("--board <path>", "where the board file lies on the host")
    .option("--record <path>", "where the record of what was built lies on the host")
    .option("--scripts <glob>", "launch scripts in places of your own; may be repeated", collected)
    .option("--json", "one JSON document on stdout instead of text")
    .option("--verbose", "stack traces with errors");
}

function collected(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Opens the machine; its read has its warnings told. */
export async function openRead(context: Context, target: string, options: HostOptions) {
  const host = openHost(target, options, context.io, context.output);
  const snapshot = await readOf(context, host);
  return { host, snapshot };
}

async function readOf({ io, output }: Context, host: Host) {
  if (io.errIsTerminal) output.progress(`${host.label}: reading`);
  const snapshot = await host.machine.read();
  for (const warning of snapshot.warnings) output.warn(warning);
  return snapshot;
}
