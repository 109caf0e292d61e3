import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHost } from "./host";

/** What a client needs to reach the lab with plain OpenSSH: `ssh -F <dir>/ssh_config cell-1`. */
export interface ClientFiles {
  sshConfig: string;
  knownHosts: string;
}

export function writeClientFiles(dir: string, hosts: readonly LabHost[], privateKeyFile: string): ClientFiles {
  const sshConfig = join(dir, "ssh_config");
  const knownHosts = join(dir, "known_hosts");
  const lines = hosts.flatMap((host) => host.hostKeys.map((key) => `[127.0.0.1]:${host.port} ${key}\n`));
  const guests = hosts.flatMap((host) => host.guests.map((guest) => ({ ...guest, host })));
  const behind = guests.flatMap(({ address, front }) => front.hostKeys.map((key) => `${address} ${key}\n`));
  writeFileSync(knownHosts, [...lines, ...behind].join(""));
  const sections = [
    ...hosts.map((host) => section(host, privateKeyFile, knownHosts)),
    ...guests.map(({ front, address, host }) =>
      sectionOf(front.name, [
        `HostName ${address}`,
        "User root",
        ...common(privateKeyFile, knownHosts),
        `ProxyJump ${host.name}`,
      ]),
    ),
  ];
  writeFileSync(sshConfig, sections.join("\n"));
  return { sshConfig, knownHosts };
}

function section(host: LabHost, privateKeyFile: string, knownHosts: string): string {
  const lines = [
    `HostName 127.0.0.1`,
    `Port ${host.port}`,
    `User ${host.user}`,
    ...common(privateKeyFile, knownHosts),
    ...(host.spec.jump ? [`ProxyJump ${host.spec.jump}`] : []),
  ];
  return sectionOf(host.name, lines);
}

const common = (privateKeyFile: string, knownHosts: string): string[] => [
  `IdentityFile "${privateKeyFile}"`,
  `IdentitiesOnly yes`,
  `UserKnownHostsFile "${knownHosts}"`,
  `GlobalKnownHostsFile none`,
  `StrictHostKeyChecking yes`,
];

const sectionOf = (name: string, lines: readonly string[]): string =>
  `Host ${name}\n${lines.map((line) => `  ${line}\n`).join("")}`;
