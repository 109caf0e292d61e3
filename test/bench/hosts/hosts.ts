/** Hosts that answer over SSH from processes of their own: a server inside the bench would take the client's CPU time. */
export interface Hosts {
  /** What serves them, for the table. */
  server: string;
  /** Their aliases in `sshConfig`. */
  names: readonly string[];
  /** An ssh_config(5) with everything a client needs, for every rival the same. */
  sshConfig: string;
  /** The tree of a host. */
  tree(name: string): string;
  close(): Promise<void>;
}

/** One `Host` section. */
export interface Section {
  name: string;
  port: number;
  user: string;
  key: string;
  knownHosts: string;
}

export function section({ name, port, user, key, knownHosts }: Section): string {
  const lines = [
    "HostName 127.0.0.1",
    `Port ${port}`,
    `User ${user}`,
    `IdentityFile ${key}`,
    "IdentitiesOnly yes",
    `UserKnownHostsFile ${knownHosts}`,
    "GlobalKnownHostsFile none",
    "StrictHostKeyChecking yes",
  ];
  return `Host ${name}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

export function hostNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host-${index + 1}`);
}
