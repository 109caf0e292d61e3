import type { Socket } from "node:net";
import type { GuestOsSpec } from "./physics/guest/spec";
import type { PhysicsSpec } from "./physics/types";

/** How a login that is not root gets root on a lab host. */
export type SudoMode =
  /** There is no sudo (as on a minimal target where one logs in as root). */
  | "root"
  | "nopasswd"
  | "password"
  /** sudo is there, the user is not in the sudoers file. */
  | "none";

export interface LabUser {
  /** What `id -u` says. @default 0 for root, else 1000 */
  uid?: number;
  /** Public keys that may log in. @default those of the host */
  authorizedKeys?: readonly string[];
  /** Login password, also for sudo. @default that of the host */
  password?: string;
}

export interface LabHostSpec extends PhysicsSpec {
  /** Its name in the ssh_config that the lab writes. */
  name: string;
  /** The file tree that the host serves: what stands under `/` on a real machine. */
  dir: string;
  /** It is no host of ACRN's but a machine of its own, with this system; its tree is made where the folder has none. */
  os?: GuestOsSpec;
  /** @default a free one */
  port?: number;
  /** @default root only */
  users?: Readonly<Record<string, LabUser>>;
  /** The user in the ssh_config. @default the first of `users` */
  user?: string;
  /** Public keys that may log in. @default the key that the lab makes */
  authorizedKeys?: readonly string[];
  password?: string;
  /** Demand a key and then the password too (`AuthenticationMethods publickey,password`). */
  twoFactor?: boolean;
  /** Offer passwords as PAM does (keyboard-interactive) instead of the plain method. */
  keyboardInteractive?: boolean;
  /** @default "root" when every user has uid 0, else "nopasswd" */
  sudo?: SudoMode;
  /** Milliseconds before each command starts. @default 0 */
  delayMs?: number;
  /** Shown before the login. */
  banner?: string;
  /** What a careless shell start-up file prints to stdout before each command. */
  noise?: string;
  /** As in sshd_config. @default 10 */
  maxSessions?: number;
  /** Further host keys, as private key text; the server has them beside its ed25519 key. */
  extraHostKeys?: readonly string[];
  /** As in sshd_config, the only ones that it offers. @default those of ssh2 */
  ciphers?: readonly string[];
  /** Another host of the lab to go through: written as ProxyJump into the ssh_config. */
  jump?: string;
  /** Commands that shadow the machine's own, as POSIX sh: name to script. */
  commands?: Readonly<Record<string, string>>;
  /** Sees each TCP connection first: where a test puts itself between server and client. */
  wire?: (socket: Socket) => Socket;
}
