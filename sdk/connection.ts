import type * as pulumi from "@pulumi/pulumi";

/** One hop of SSH. Whatever is not given comes from `~/.ssh/config`, as with `ssh` itself. */
export interface SshHop {
  /** Address, name, or alias of ssh_config. */
  host: pulumi.Input<string>;
  /** @default ssh_config, else the user who runs Pulumi */
  user?: pulumi.Input<string>;
  /** @default 22 */
  port?: pulumi.Input<number>;
  /** Path of a private key on the machine that runs Pulumi; `~` is expanded. */
  privateKeyFile?: pulumi.Input<string>;
  /** A private key as text: `config.requireSecret("key")`. A secret, however it is given. */
  privateKey?: pulumi.Input<string>;
  /** Passphrase of the key. A secret, however it is given. */
  passphrase?: pulumi.Input<string>;
  /** Socket of an ssh-agent, or false for none. @default SSH_AUTH_SOCK */
  agent?: pulumi.Input<string | false>;
  /** A secret, however it is given. A key or an agent is better: then the state holds no credential at all. */
  password?: pulumi.Input<string>;
  /** The host's key, pinned: `ssh-ed25519 AAAA...` or `SHA256:...`. Without it, known_hosts decides. */
  hostKey?: pulumi.Input<string>;
  /** @default ~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts */
  knownHosts?: pulumi.Input<string>;
}

/** SSH to a host. Host keys are always verified: there is no switch that turns it off. */
export interface SshConnection extends SshHop {
  /** One jump host: an alias of ssh_config, or a hop. */
  jump?: pulumi.Input<string | SshHop>;
  /** Password for `sudo`, when the user is not root and `sudo -n` is not allowed. A secret, however it is given. */
  sudoPassword?: pulumi.Input<string>;
  /** Another ssh_config file, or false for none. @default ~/.ssh/config */
  sshConfig?: pulumi.Input<string | false>;
  /** Seconds. @default 15 */
  connectTimeout?: pulumi.Input<number>;
}

/** A folder that holds a machine's file tree: an image that is being built, or a copy taken from a machine. */
export interface FolderConnection {
  /** Path, taken from the program's folder. */
  root: pulumi.Input<string>;
}

export type Connection = string | SshConnection | FolderConnection;
