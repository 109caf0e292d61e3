import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ConnectionSpec } from "../../provider/host/ssh/spec";
import { Children } from "./server/children";
import { type ClientFiles, writeClientFiles } from "./server/client-files";
import { LabHost } from "./server/host";
import { keyPair } from "./server/keys";
import { machineOf } from "./server/machine-of";
import type { BareMachine } from "./server/physics/bare";
import type { Machine } from "./server/physics/machine";
import type { LabHostSpec } from "./server/types";

export type { LabHost } from "./server/host";
export type { BareMachine } from "./server/physics/bare";
export type { GuestSystem } from "./server/physics/guest/parts";
export type { GuestOsSpec, Layout } from "./server/physics/guest/spec";
export type { Machine } from "./server/physics/machine";
export type * from "./server/physics/types";
export type { LabHostSpec, LabUser, SudoMode } from "./server/types";

export interface LabOptions {
  /** Where the lab keeps its keys, ssh_config and stub commands. Not the trees of the hosts. */
  dir: string;
  hosts: readonly LabHostSpec[];
}

/** A running lab: any number of simulated ACRN hosts on the loopback address. */
export interface Lab extends ClientFiles {
  dir: string;
  hosts: readonly LabHost[];
  /** The client key (mode 600) that all hosts accept unless they were told otherwise. */
  privateKeyFile: string;
  publicKey: string;
  host(name: string): LabHost;
  /** How to reach a host: without ssh_config and agent of whoever runs this. */
  connection(name: string, changes?: ConnectionSpec): ConnectionSpec;
  /** How to reach the operating system of a VM, through its host. */
  guest(name: string, vm: string, changes?: ConnectionSpec): ConnectionSpec;
  /** Ends all hosts and every process that was started on them. */
  close(): Promise<void>;
  /** Pids of what runs on the hosts now. */
  processes(): number[];
  /** How many commands that clients started have not ended, whether the client is still there or not. */
  commands(): number;
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const privateKeyFile = join(dir, "id_ed25519");
  const client = keyPair(privateKeyFile, "pulumi-acrn lab");
  const children = new Children(randomUUID());
  const machines = new Map<string, Machine | BareMachine>();
  const hosts = options.hosts.map((spec) => {
    const full = { ...spec, dir: resolve(spec.dir), authorizedKeys: spec.authorizedKeys ?? [client.public] };
    const state = join(dir, "hosts", spec.name);
    // two names of one folder are two ways to one machine
    const machine = machines.get(full.dir) ?? machineOf(full, state, children);
    if (machine) machines.set(full.dir, machine);
    return new LabHost(full, state, children, machine);
  });
  const close = async (): Promise<void> => {
    await Promise.all([...machines.values()].map((machine) => machine.close()));
    await Promise.all(hosts.map((host) => host.down()));
    await children.end();
  };
  try {
    for (const host of hosts) await host.up();
    for (const machine of machines.values()) machine.start();
  } catch (error) {
    await close();
    throw error;
  }
  const files = writeClientFiles(dir, hosts, privateKeyFile);
  const host = (name: string): LabHost => {
    const found = hosts.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`the lab has no host ${name}`);
    return found;
  };
  const connection = (name: string, changes: ConnectionSpec = {}): ConnectionSpec => {
    const { port, user } = host(name);
    const own = { privateKeyFile, knownHosts: files.knownHosts, agent: false, sshConfig: false } as const;
    return { host: "127.0.0.1", port, user, ...own, ...changes };
  };
  const guest = (name: string, vm: string, changes: ConnectionSpec = {}): ConnectionSpec => {
    const found = host(name).guests.find((candidate) => candidate.vm === vm);
    if (!found) throw new Error(`the lab host ${name} has no guest ${vm}`);
    const own = { privateKeyFile, knownHosts: files.knownHosts, agent: false, sshConfig: false } as const;
    return { host: found.address, port: 22, user: "root", ...own, jump: connection(name), ...changes };
  };
  const processes = () => children.marked();
  const commands = () => children.commands;
  const tools = { host, connection, guest, close, processes, commands };
  return { dir, hosts, privateKeyFile, publicKey: client.public, ...files, ...tools };
}
