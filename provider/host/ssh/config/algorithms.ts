import { matchPattern, matchPatterns } from "../pattern";
import type { Algorithms } from "../spec";

type Kind = keyof Algorithms;

/** ssh2 keeps its lists in a file that its types leave out; what it offers by itself depends on the processor. */
const SSH2 = require("ssh2/lib/protocol/constants.js") as Readonly<Record<string, readonly string[]>>;
const ssh2 = (list: string): readonly string[] => SSH2[list] ?? [];

/** SHA-1 signatures and DSA are not offered unless they are asked for, as in OpenSSH since 8.8. */
const SIGNATURES = ssh2("DEFAULT_SERVER_HOST_KEY").filter((name) => name !== "ssh-rsa");

interface Lists {
  /** Offered by itself. */
  usual: readonly string[];
  /** What ssh2 can do. */
  possible: readonly string[];
  /** What ssh knows. */
  names: readonly string[];
}

const LISTS: Readonly<Record<Kind, Lists>> = {
  hostKey: { usual: SIGNATURES, possible: ssh2("SUPPORTED_SERVER_HOST_KEY"), names: keyNames() },
  publicKey: { usual: SIGNATURES, possible: ssh2("SUPPORTED_SERVER_HOST_KEY"), names: keyNames() },
  kex: { usual: ssh2("DEFAULT_KEX"), possible: ssh2("SUPPORTED_KEX"), names: kexNames() },
  cipher: { usual: ssh2("DEFAULT_CIPHER"), possible: ssh2("SUPPORTED_CIPHER"), names: cipherNames() },
  mac: { usual: ssh2("DEFAULT_MAC"), possible: ssh2("SUPPORTED_MAC"), names: macNames() },
};

/**
 * What to offer for a list of ssh_config, which replaces (`a,b`), extends (`+a`), leads (`^a`) or thins out (`-a*`) the
 * usual one (kex.c, kex_assemble_names). Names that ssh2 lacks fall away: that leaves less than ssh would offer, never
 * something that the list forbids. Empty: nothing is left.
 */
export function offered(kind: Kind, text: string): string[] {
  const { usual, possible } = LISTS[kind];
  const names = text.replace(/^[-+^]/, "").split(",");
  if (text.startsWith("-")) return usual.filter((name) => !matchPatterns(name, names));
  const meant = names.flatMap((pattern) => possible.filter((name) => matchPattern(name, pattern)));
  if (text.startsWith("+")) return unique([...usual, ...meant]);
  return unique(text.startsWith("^") ? [...meant, ...usual] : meant);
}

/** Whether ssh reads the list: every name is known; wildcards count for keys only, and behind `-` nothing is looked at. */
export function isAlgorithmList(kind: Kind, text: string): boolean {
  if (text.startsWith("-")) return true;
  const wild = kind === "hostKey" || kind === "publicKey";
  const { names } = LISTS[kind];
  const known = (word: string) => names.includes(word) || (wild && names.some((name) => matchPattern(name, word)));
  return text.replace(/^[+^]/, "").split(",").every(known);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** The names that OpenSSH 9.2 to 10.5 knows, by `ssh -Q` and the tables of cipher.c, mac.c, kex-names.c, ssh-*.c. */
function cipherNames(): string[] {
  const aes = [128, 192, 256].flatMap((bits) => [`aes${bits}-cbc`, `aes${bits}-ctr`]);
  return [...aes, "3des-cbc", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"];
}

function macNames(): string[] {
  const hmac = ["sha1", "sha1-96", "sha2-256", "sha2-512", "md5", "md5-96"].map((hash) => `hmac-${hash}`);
  const umac = ["umac-64", "umac-128"];
  const etm = [...hmac, ...umac].map((name) => `${name}-etm@openssh.com`);
  return [...hmac, ...umac.map((name) => `${name}@openssh.com`), ...etm];
}

function kexNames(): string[] {
  const groups = ["1-sha1", "14-sha1", "14-sha256", "16-sha512", "18-sha512", "-exchange-sha1", "-exchange-sha256"];
  return [
    ...groups.map((group) => `diffie-hellman-group${group}`),
    ...[256, 384, 521].map((bits) => `ecdh-sha2-nistp${bits}`),
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "sntrup761x25519-sha512",
    "sntrup761x25519-sha512@openssh.com",
    "mlkem768x25519-sha256",
    "mlkem768nistp256-sha256",
  ];
}

function keyNames(): string[] {
  const plain = ["ssh-ed25519", "ssh-rsa", "ssh-dss", "rsa-sha2-256", "rsa-sha2-512"];
  const curves = [256, 384, 521].map((bits) => `ecdsa-sha2-nistp${bits}`);
  const token = ["ssh-mldsa44-ed25519", "sk-ssh-ed25519", "sk-ecdsa-sha2-nistp256", "webauthn-sk-ecdsa-sha2-nistp256"];
  const certified = [...plain, ...curves, ...token].map((name) => `${name}-cert-v01@openssh.com`);
  return [...plain, ...curves, ...token.map((name) => `${name}@openssh.com`), ...certified];
}
