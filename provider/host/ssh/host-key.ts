import { isIP } from "node:net";
import type { AcrnError } from "../../core/errors";
import { changed, pinMismatch, pinUnreadable, revoked, tooShort, unknown } from "./host-key-errors";
import { algorithmsOf, fingerprint, keyType, type PublicKey, parsePublicKey, rsaBits } from "./known-hosts/keys";
import { type KnownHost, parseKnownHosts } from "./known-hosts/parse";
import { revokedByFile } from "./known-hosts/revoked";
import { judge, knownTypes } from "./known-hosts/verdict";
import type { ResolvedConnection } from "./spec";

/** What ssh2 can verify, in OpenSSH's order of preference; `ssh-rsa` with SHA-1 and DSA are not offered. */
const ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** Decides about the host key of one connection; made anew for each, so that a mended known_hosts counts at once. */
export interface HostKeyCheck {
  /** Host key algorithms to offer, those of noted keys first (ssh's order_hostkeyalgs). */
  algorithms: string[];
  /** Undefined: the key is the right one. */
  verify(blob: Buffer): AcrnError | undefined;
}

type ReadFile = (path: string) => string | undefined;

/** `address`: of the machine itself, where the connection leads there directly. */
export function hostKeyCheck(to: ResolvedConnection, readFile: ReadFile, address?: string): HostKeyCheck {
  const entries = to.knownHosts.flatMap((file) => parseKnownHosts(readFile(file) ?? "", file));
  const pin = to.pinnedHostKey === undefined ? undefined : parsePin(to.pinnedHostKey);
  if (to.pinnedHostKey !== undefined && !pin) throw pinUnreadable();
  const noted = knownTypes(to.hostKeyName, to.hostKeyFallback, entries);
  return {
    algorithms: order(to, pin ? ("type" in pin ? [pin.type] : []) : noted),
    verify: (blob) => {
      const key = { type: keyType(blob) ?? "unknown", blob };
      const no = unacceptable(to, key, readFile);
      return no ?? (pin ? pinned(to, pin, key, entries) : judged(to, key, entries, address));
    },
  };
}

/** What no line of known_hosts can make good. */
function unacceptable(to: ResolvedConnection, key: PublicKey, readFile: ReadFile): AcrnError | undefined {
  const bits = rsaBits(key.blob);
  if (bits !== undefined && bits < to.requiredRsaSize) return tooShort(to, key, bits);
  return revokedByFile(to, key, readFile);
}

function judged(
  to: ResolvedConnection,
  key: PublicKey,
  entries: readonly KnownHost[],
  address: string | undefined,
): AcrnError | undefined {
  const verdict = judge(key.blob, to.hostKeyName, to.hostKeyFallback, entries);
  if (verdict.kind === "revoked") return revoked(to, key, verdict.entry);
  if (verdict.kind === "changed") return changed(to, key, verdict.entries);
  if (verdict.kind === "unknown") return unknown(to, key, verdict.authorities);
  const name = addressName(to, address);
  const byAddress = name && judge(key.blob, name, undefined, entries);
  return byAddress && byAddress.kind === "changed" ? changed(to, key, byAddress.entries) : undefined;
}

/** The name of the address, where CheckHostIP has it looked up too: not for localhost (sshconnect.c, check_host_key). */
function addressName(to: ResolvedConnection, address: string | undefined): string | undefined {
  const local = address === undefined || address.startsWith("127.") || address === "::1";
  if (!to.checkHostIp || local || isIP(to.host) !== 0) return undefined;
  return to.port === 22 ? address : `[${address}]:${to.port}`;
}

/** A pinned key stands instead of known_hosts, except that a revoked key stays revoked. */
function pinned(
  to: ResolvedConnection,
  pin: PublicKey | { fingerprint: string },
  key: PublicKey,
  entries: readonly KnownHost[],
): AcrnError | undefined {
  const verdict = judge(key.blob, to.hostKeyName, to.hostKeyFallback, entries);
  if (verdict.kind === "revoked") return revoked(to, key, verdict.entry);
  const expected = "type" in pin ? fingerprint(pin.blob) : pin.fingerprint;
  return expected === fingerprint(key.blob) ? undefined : pinMismatch(to, key, expected);
}

/** `SHA256:...`, or a key line: `ssh-ed25519 AAAA... [comment]`, also with the host in front, as ssh-keyscan prints it. */
export function parsePin(text: string): PublicKey | { fingerprint: string } | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(words[0] as string)) {
    return { fingerprint: (words[0] as string).replace(/=$/, "") };
  }
  for (let at = 0; at + 1 < Math.min(words.length, 3); at++) {
    const key = parsePublicKey(words[at] as string, words[at + 1] as string);
    if (key) return key;
  }
  return undefined;
}

/**
 * Algorithms of noted keys first, so that the server presents one of them; not where HostKeyAlgorithms gives an order of its own
 * (ssh_kex2 in OpenSSH's sshconnect2.c).
 */
function order(to: ResolvedConnection, types: readonly string[]): string[] {
  const offered = to.algorithms.hostKey ?? ALGORITHMS;
  if (to.hostKeyOrderFixed) return [...offered];
  const first = types.flatMap(algorithmsOf).filter((algorithm) => offered.includes(algorithm));
  return [...new Set([...first, ...offered])];
}
