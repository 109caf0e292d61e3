/**
 * How to reach a machine over SSH: plain data, as a user writes it. What is left out comes from ssh_config(5), then from
 * the defaults of OpenSSH; what is given beats both.
 */
export interface ConnectionSpec {
  /**
   * Address or name of the machine. Like the argument of `ssh`, it is looked up in ssh_config too, so an alias works here.
   * Together with `alias` it is the address to dial, and `alias` alone is looked up.
   */
  host?: string;
  /** A `Host` name of ssh_config. */
  alias?: string;
  /** @default `User` of ssh_config, else the local user */
  user?: string;
  /** @default `Port` of ssh_config, else 22 */
  port?: number;
  /** A private key as text (PEM or OpenSSH format). Secret. */
  privateKey?: string;
  /** A private key file; `~` is expanded. Only this one is tried then, as with `ssh -i` and without the default files. */
  privateKeyFile?: string;
  /** Unlocks `privateKey`, `privateKeyFile` or the `IdentityFile`s. Secret. */
  passphrase?: string;
  /** Socket of an ssh-agent; false: ask none. @default `IdentityAgent` of ssh_config, else $SSH_AUTH_SOCK */
  agent?: string | false;
  /** Login password; offered only if given, after the keys. Secret. */
  password?: string;
  /** Password for `sudo` on the machine; not used for the connection itself. Secret. */
  sudoPassword?: string;
  /**
   * The one host key to accept instead of asking known_hosts: `ssh-ed25519 AAAA...` (preferred: the server is then asked
   * for a key of that type) or `SHA256:...`.
   */
  hostKey?: string;
  /** The known_hosts file to use. @default `UserKnownHostsFile`/`GlobalKnownHostsFile` of ssh_config, else OpenSSH's four files */
  knownHosts?: string;
  /** Go through this machine: `[user@]host[:port]` or an alias, or a whole specification; `none`: directly. @default `ProxyJump` */
  jump?: ConnectionSpec | string;
  /** The ssh_config to read; false: none. @default ~/.ssh/config, then /etc/ssh/ssh_config */
  sshConfig?: string | false;
  /** Seconds for everything until the login is done. @default `ConnectTimeout` of ssh_config, else 15 */
  connectTimeout?: number;
}

/** A private key to try. Exactly one of `pem` and `file` is set. */
export interface IdentitySource {
  pem?: string;
  file?: string;
  /** Named by the user (option or ssh_config): trouble with it is told. The default files may be absent or broken. */
  named: boolean;
  /** Named by an option: tried before what else the agent holds, so that a full agent cannot use up MaxAuthTries. */
  first: boolean;
}

/** A way to log in, as PreferredAuthentications names it. */
export type LoginMethod = "publickey" | "keyboard-interactive" | "password";

/** Algorithms to offer, in order of preference, all of them known to ssh2; what is left out is not restricted. */
export interface Algorithms {
  hostKey?: readonly string[];
  kex?: readonly string[];
  cipher?: readonly string[];
  mac?: readonly string[];
  /** PubkeyAcceptedAlgorithms: the signature algorithms of keys that may be offered for the login. */
  publicKey?: readonly string[];
}

/** A ConnectionSpec with everything looked up. Holds secrets: for the connection only, never for messages (see `label`). */
export interface ResolvedConnection {
  /** As the user named the machine. */
  name: string;
  host: string;
  port: number;
  user: string;
  /** Whether a section of ssh_config spoke about this name. */
  configured: boolean;
  /** What known_hosts is asked for: `host`, `[host]:port`, or the HostKeyAlias. */
  hostKeyName: string;
  /** Asked when `hostKeyName` is not there: ssh accepts a key noted without port for any port. */
  hostKeyFallback?: string;
  knownHosts: readonly string[];
  pinnedHostKey?: string;
  identities: readonly IdentitySource[];
  identitiesOnly: boolean;
  agent?: string;
  passphrase?: string;
  password?: string;
  jump?: ResolvedConnection;
  connectTimeout: number;
  /** AddressFamily; 0 = any. */
  family: 0 | 4 | 6;
  /** BindAddress, or the address that BindInterface has. */
  bindAddress?: string;
  /** StrictHostKeyChecking as configured. We never check less than `ask` that is answered with no; for messages only. */
  strict: "yes" | "ask" | "accept-new" | "no";
  /** CheckHostIP: known_hosts must not note another key for the address that was reached. */
  checkHostIp: boolean;
  /** RevokedHostKeys: files whose keys are refused. ssh refuses every key when it cannot read such a file. */
  revokedHostKeys: readonly string[];
  /** CertificateFile: user certificates, which ssh2 cannot present. */
  certificateFiles: readonly string[];
  /** The ways to log in that are not forbidden, preferred ones first; never empty. */
  methods: readonly LoginMethod[];
  algorithms: Algorithms;
  /** HostKeyAlgorithms gives an order of its own: keys that known_hosts notes do not go first. */
  hostKeyOrderFixed: boolean;
  /** RequiredRSASize: RSA keys with fewer bits are refused, the machine's and ours. */
  requiredRsaSize: number;
  /** ConnectionAttempts, where it is configured. */
  connectionAttempts?: number;
  /** ServerAliveInterval (seconds, never 0) and ServerAliveCountMax (never 0), where they are configured. */
  keepAlive: { interval?: number; count?: number };
}

/** `ssh://root@cell-7:22 (via bastion)`. Never holds a secret. */
export function label(connection: ResolvedConnection): string {
  const host = connection.host.includes(":") ? `[${connection.host}]` : connection.host;
  const hops: string[] = [];
  for (let hop = connection.jump; hop; hop = hop.jump) hops.unshift(hop.name);
  const via = hops.length > 0 ? ` (via ${hops.join(", ")})` : "";
  return `ssh://${connection.user}@${host}:${connection.port}${via}`;
}
